using System.Globalization;

namespace Synfin.Cli.Ping;

/// <summary>What came of the requests; replies may come at the same time.</summary>
internal sealed class PingStatistics
{
    private readonly Lock _lock = new();
    private int _sent;
    private int _received;
    private int _errors;
    private double _least = double.MaxValue;
    private double _most;
    private double _sum;
    private double _sumOfSquares;

    /// <summary>Whether anybody answered.</summary>
    public bool HasAnswers
    {
        get
        {
            lock (_lock) return _received > 0;
        }
    }

    /// <summary>A request went out.</summary>
    public void Sent()
    {
        lock (_lock) _sent++;
    }

    /// <summary>Somebody else said why there will be no answer.</summary>
    public void Failed()
    {
        lock (_lock) _errors++;
    }

    /// <summary>An answer came.</summary>
    public void Answered(TimeSpan roundTrip)
    {
        double milliseconds = roundTrip.TotalMilliseconds;
        lock (_lock)
        {
            _received++;
            _least = Math.Min(_least, milliseconds);
            _most = Math.Max(_most, milliseconds);
            _sum += milliseconds;
            _sumOfSquares += milliseconds * milliseconds;
        }
    }

    /// <summary>In the words of ping.</summary>
    public IEnumerable<string> Lines(string host, TimeSpan elapsed)
    {
        lock (_lock)
        {
            int loss = _sent == 0 ? 0 : (int)Math.Round(100.0 * Math.Max(0, _sent - _received) / _sent);
            string errors = _errors == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", +{_errors} errors");
            string counts = string.Create(
                CultureInfo.InvariantCulture,
                $"{_sent} packets transmitted, {_received} received{errors}, {loss}% packet loss, time {elapsed.TotalMilliseconds:0} ms");
            return _received == 0 ? [$"--- {host} ping statistics ---", counts] : [$"--- {host} ping statistics ---", counts, RoundTrips()];
        }
    }

    /// <summary>mdev is the standard deviation, as ping reckons it.</summary>
    private string RoundTrips()
    {
        double mean = _sum / _received;
        double deviation = Math.Sqrt(Math.Max(0, (_sumOfSquares / _received) - (mean * mean)));
        return string.Create(
            CultureInfo.InvariantCulture, $"rtt min/avg/max/mdev = {_least:0.000}/{mean:0.000}/{_most:0.000}/{deviation:0.000} ms");
    }
}
