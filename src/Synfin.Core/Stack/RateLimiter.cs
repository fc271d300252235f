using Synfin.Timers;

namespace Synfin.Stack;

/// <summary>
/// A token bucket: at most <c>burst</c> at once and <c>ratePerSecond</c> in the long run, exactly. It starts full; a rate of 0 lets
/// nothing by.
/// </summary>
/// <param name="ratePerSecond">Tokens a second, 0 or more.</param>
/// <param name="burst">The most tokens that it holds, at least 1.</param>
internal struct RateLimiter(int ratePerSecond, int burst)
{
    // The level is kept in billionths of a token: a nanosecond brings `rate` of them, so nothing is ever rounded.
    private const long Token = 1_000_000_000;

    private readonly int _rate = ratePerSecond;
    private readonly int _burst = burst;
    private long _level = ratePerSecond > 0 ? burst * Token : 0;
    private Timestamp _last = Timestamp.Zero;

    /// <summary>Takes a token, if there is one.</summary>
    public bool TryTake(Timestamp now)
    {
        Refill(now);
        if (_level < Token) return false;
        _level -= Token;
        return true;
    }

    private void Refill(Timestamp now)
    {
        long elapsed = (now - _last).Nanoseconds;
        if (elapsed <= 0 || _rate <= 0) return;

        _last = now;
        long missing = _burst * Token - _level;
        _level += elapsed > missing / _rate ? missing : elapsed * _rate;
        Debug.Assert(_level >= 0 && _level <= _burst * Token, "a bucket holds at most its burst");
    }
}
