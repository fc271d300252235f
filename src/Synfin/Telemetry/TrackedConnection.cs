using System.Diagnostics;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Telemetry;

/// <summary>
/// One connection from its SYN to its end. An active OPEN has its activity at once, a passive one in ESTABLISHED, dated back to the SYN: a
/// half-open connection may be a flood's. Each event is told once, since a peer can send a SYN or a FIN as often as it likes.
/// </summary>
internal sealed class TrackedConnection
{
    private readonly TelemetryHub _hub;
    private readonly StackTelemetry _stack;
    private readonly FourTuple _tuple;
    private readonly Timestamp _start;
    private readonly DateTimeOffset _startDate;
    private readonly bool _passive;
    private Activity? _activity;
    private Timestamp _synSent = Timestamp.Never;
    private Timestamp _established = Timestamp.Never;
    private bool _synReceived;
    private bool _finSent;
    private bool _finReceived;

    public TrackedConnection(TelemetryHub hub, StackTelemetry stack, in StateEvent e)
    {
        _hub = hub;
        _stack = stack;
        _tuple = e.Tuple;
        _start = e.Time;
        _startDate = stack.DateOf(e.Time);
        _passive = e.From is TcpState.Listen;
        if (!_passive) StartActivity();
    }

    private InternetAddress ServerAddress => _passive ? _tuple.LocalAddress : _tuple.RemoteAddress;

    private int ServerPort => _passive ? _tuple.LocalPort : _tuple.RemotePort;

    /// <summary>A segment with SYN or FIN went out.</summary>
    public void Sent(TcpFlags flags, Timestamp time)
    {
        if ((flags & TcpFlags.Syn) != 0 && !_synSent.IsSet)
        {
            _synSent = time;
            Tell("SYN", TagNames.Transmit, time);
        }
        if ((flags & TcpFlags.Fin) != 0 && !_finSent)
        {
            _finSent = true;
            Tell("FIN", TagNames.Transmit, time);
        }
    }

    /// <summary>The state changed; only what the engine believed gets here, unlike what a peer merely sent.</summary>
    public void Moved(in StateEvent e)
    {
        bool ends = e.To is TcpState.Closed or TcpState.Listen or TcpState.TimeWait;
        if (e.From is TcpState.SynSent && !ends) ReceiveSyn(e.Time);
        if (e.To is not TcpState.SynReceived && !ends && !_established.IsSet) Establish(e.Time);
        bool fin = e.To is TcpState.CloseWait or TcpState.Closing || (e.To is TcpState.TimeWait && e.From is not TcpState.Closing);
        if (fin && !_finReceived)
        {
            _finReceived = true;
            Tell("FIN", TagNames.Receive, e.Time);
        }
        if (ends) End(in e);
    }

    /// <summary>Whether this end said RST: whenever it gave up a connection that the peer may still believe in.</summary>
    private static bool SaidReset(in StateEvent e) => e.To is TcpState.Closed && e.From is not TcpState.SynSent && e.Reason switch
    {
        CloseReason.LocalAbort or CloseReason.LocalReset or CloseReason.ResourceLimit => true,
        CloseReason.KeepAliveTimeout or CloseReason.LingerTimeout => true,
        CloseReason.RetransmissionTimeout => e.From is not TcpState.SynReceived,
        CloseReason.None or CloseReason.LocalClose or CloseReason.RemoteClose or CloseReason.SimultaneousClose => false,
        CloseReason.RemoteReset or CloseReason.Refused or CloseReason.Unreachable or CloseReason.FinWait2Timeout => false,
        _ => throw new UnreachableException(),
    };

    private void ReceiveSyn(Timestamp time)
    {
        if (_synReceived) return;
        _synReceived = true;
        Tell("SYN", TagNames.Receive, time);
    }

    private void Establish(Timestamp time)
    {
        _established = time;
        if (_passive && _hub.Source.HasListeners())
        {
            StartActivity();
            ReceiveSyn(_start);
            if (_synSent.IsSet) Tell("SYN", TagNames.Transmit, _synSent); // not of a cookie, which nobody remembered
        }
        Tell("ESTABLISHED", direction: null, time);
        if (!_hub.HandshakeDuration.Enabled) return;
        TagList tags = MetricTags(error: null);
        _hub.HandshakeDuration.Record((time - _start).Seconds, in tags);
    }

    private void End(in StateEvent e)
    {
        string? error = TagNames.ErrorOf(e.Reason);
        if (_established.IsSet) Record(_hub.ConnectionDuration, e.Time - _established, error);
        else if (!_passive) Record(_hub.HandshakeDuration, e.Time - _start, error ??= TagNames.ErrorOf(CloseReason.LocalAbort));
        if (_activity is null) return;
        if (e.Reason is CloseReason.RemoteReset or CloseReason.Refused) Tell("RST", TagNames.Receive, e.Time);
        else if (SaidReset(in e)) Tell("RST", TagNames.Transmit, e.Time);
        if (error is not null)
        {
            _activity.SetTag(TagNames.ErrorType, error);
            _activity.SetStatus(ActivityStatusCode.Error, e.Reason.ToString());
        }
        _activity.SetEndTime(DateOf(e.Time).UtcDateTime);
        Activity? current = Activity.Current;
        _activity.Stop();
        Activity.Current = current; // ours never was the current one: whose turn this is has another
        _activity = null;
    }

    private void Record(System.Diagnostics.Metrics.Histogram<double> histogram, Duration duration, string? error)
    {
        if (!histogram.Enabled) return;
        TagList tags = MetricTags(error);
        histogram.Record(duration.Seconds, in tags);
    }

    private TagList MetricTags(string? error)
    {
        var tags = new TagList
        {
            { TagNames.Transport, "tcp" },
            { TagNames.NetworkType, NetworkType() },
            { TagNames.ServerAddress, _stack.ServerText(ServerAddress) },
            { TagNames.ServerPort, ServerPort },
        };
        if (error is not null) tags.Add(TagNames.ErrorType, error);
        return tags;
    }

    private string NetworkType() => _tuple.RemoteAddress.IsIpv4 ? "ipv4" : "ipv6";

    /// <summary>A client's activity belongs to what its application was doing; a server's begins a trace of its own.</summary>
    private void StartActivity()
    {
        if (!_hub.Source.HasListeners()) return;
        string server = _stack.ServerText(ServerAddress);
        KeyValuePair<string, object?>[] tags =
        [
            new(TagNames.Transport, "tcp"),
            new(TagNames.NetworkType, NetworkType()),
            new(TagNames.PeerAddress, _tuple.RemoteAddress.ToString()),
            new(TagNames.PeerPort, (int)_tuple.RemotePort),
            new(TagNames.ServerAddress, server),
            new(TagNames.ServerPort, ServerPort),
        ];
        Activity? current = Activity.Current;
        if (_passive) Activity.Current = null;
        ActivityKind kind = _passive ? ActivityKind.Server : ActivityKind.Client;
        _activity = _hub.Source.StartActivity(
            SynfinTelemetry.ConnectionActivityName, kind, parentContext: default, tags, links: null, _startDate);
        Activity.Current = current;
        if (_activity is not null)
            _activity.DisplayName = _tuple.RemoteAddress.IsIpv4 ? $"tcp {server}:{ServerPort}" : $"tcp [{server}]:{ServerPort}";
    }

    private void Tell(string name, string? direction, Timestamp time)
    {
        if (_activity is null) return;
        ActivityTagsCollection? tags = direction is null ? null : new() { { TagNames.Direction, direction } };
        _activity.AddEvent(new ActivityEvent(name, DateOf(time), tags));
    }

    private DateTimeOffset DateOf(Timestamp time) => _startDate.AddTicks((time - _start).Nanoseconds / TimeSpan.NanosecondsPerTick);
}
