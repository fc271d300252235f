namespace Synfin.Timers;

/// <summary>A length of time in nanoseconds.</summary>
/// <param name="Nanoseconds">Nanoseconds; may be negative.</param>
public readonly record struct Duration(long Nanoseconds) : IComparable<Duration>
{
    /// <summary>No time at all.</summary>
    public static Duration Zero => default;

    /// <summary>Longer than every length of time: a limit that is switched off.</summary>
    public static Duration Infinite => new(long.MaxValue);

    /// <summary>False for <see cref="Infinite"/>.</summary>
    public bool IsFinite => Nanoseconds != long.MaxValue;

    /// <summary>Seconds, for people.</summary>
    public double Seconds => Nanoseconds / 1e9;

    /// <summary>Whole milliseconds.</summary>
    public long Milliseconds => Nanoseconds / 1_000_000;

    /// <summary>From microseconds.</summary>
    public static Duration FromMicroseconds(long microseconds) => new(microseconds * 1_000);

    /// <summary>From milliseconds.</summary>
    public static Duration FromMilliseconds(long milliseconds) => new(milliseconds * 1_000_000);

    /// <summary>From seconds.</summary>
    public static Duration FromSeconds(double seconds) => new((long)(seconds * 1e9));

    /// <summary>From a <see cref="TimeSpan"/>; <c>TimeSpan.MaxValue</c> and negative values become <see cref="Infinite"/>.</summary>
    public static Duration FromTimeSpan(TimeSpan value) =>
        value < TimeSpan.Zero || value.Ticks > long.MaxValue / 100 ? Infinite : new(value.Ticks * 100);

    /// <summary>As a <see cref="TimeSpan"/>, cut to its 100 ns steps.</summary>
    public TimeSpan ToTimeSpan() => IsFinite ? TimeSpan.FromTicks(Nanoseconds / 100) : TimeSpan.MaxValue;

    /// <summary>The shorter of two.</summary>
    public static Duration Min(Duration a, Duration b) => a.Nanoseconds <= b.Nanoseconds ? a : b;

    /// <summary>The longer of two.</summary>
    public static Duration Max(Duration a, Duration b) => a.Nanoseconds >= b.Nanoseconds ? a : b;

    /// <inheritdoc/>
    public int CompareTo(Duration other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Sum.</summary>
    public static Duration operator +(Duration a, Duration b) => new(a.Nanoseconds + b.Nanoseconds);

    /// <summary>Difference.</summary>
    public static Duration operator -(Duration a, Duration b) => new(a.Nanoseconds - b.Nanoseconds);

    /// <summary>Multiple; saturates at <see cref="Infinite"/>.</summary>
    public static Duration operator *(Duration a, int n) =>
        Math.BigMul(a.Nanoseconds, (long)n, out long low) == 0 && low >= 0 ? new(low) : Infinite;

    /// <summary>Fraction.</summary>
    public static Duration operator /(Duration a, int n) => new(a.Nanoseconds / n);

    /// <summary>Shorter than.</summary>
    public static bool operator <(Duration a, Duration b) => a.Nanoseconds < b.Nanoseconds;

    /// <summary>Longer than.</summary>
    public static bool operator >(Duration a, Duration b) => a.Nanoseconds > b.Nanoseconds;

    /// <summary>Not longer than.</summary>
    public static bool operator <=(Duration a, Duration b) => a.Nanoseconds <= b.Nanoseconds;

    /// <summary>Not shorter than.</summary>
    public static bool operator >=(Duration a, Duration b) => a.Nanoseconds >= b.Nanoseconds;

    /// <inheritdoc/>
    public override string ToString() => IsFinite ? $"{Seconds:0.######} s" : "infinite";
}
