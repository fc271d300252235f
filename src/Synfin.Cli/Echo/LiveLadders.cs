using System.Runtime.CompilerServices;
using Synfin.Captures.Ladders;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Cli.Echo;

/// <summary>
/// Ladders of a stack that knows one end only: a recorder for each connection, from its first packet until it is printed. What the far end
/// is in is inferred from its segments.
/// </summary>
public sealed class LiveLadders : ITcpObserver
{
    private const string Host = "synfin";

    /// <summary>Connections recorded at a time; later ones get no ladder.</summary>
    private const int MaxConnections = 1_024;

    /// <summary>Events of one connection; the ladder says how many are missing.</summary>
    private const int MaxEvents = 20_000;

    private readonly Dictionary<FourTuple, LadderRecorder> _recorders = [];
    private readonly TextLadderOptions _look;

    private LiveLadders(int width, bool color) => _look = new TextLadderOptions { Width = width, Colour = color };

    /// <summary>What <see cref="EchoCommand"/> needs to record and to print, at so many columns.</summary>
    public static EchoLadders Record(int width, bool color)
    {
        var ladders = new LiveLadders(width, color);
        return new EchoLadders(ladders, ladders.Print, ladders.Tap);
    }

    /// <inheritdoc/>
    public void SegmentSent(in SegmentEvent e)
    {
        // The packets come by the tap, with their options.
    }

    /// <inheritdoc/>
    public void SegmentReceived(in SegmentEvent e)
    {
        // The packets come by the tap, with their options.
    }

    /// <inheritdoc/>
    public void SegmentDropped(in SegmentEvent e, DropReason reason) => Find(e.Tuple)?.SegmentDropped(Host, in e, reason);

    /// <inheritdoc/>
    public void StateChanged(in StateEvent e) => Find(e.Tuple)?.StateChanged(Host, in e);

    /// <inheritdoc/>
    public void TimerFired(in TimerEvent e) => Find(e.Tuple)?.TimerFired(Host, in e);

    /// <inheritdoc/>
    public void UserCalled(in UserCallEvent e) => Find(e.Tuple)?.UserCalled(Host, in e);

    private void Tap(Timestamp time, bool outbound, ReadOnlySpan<byte> packet)
    {
        var seg = default(Segment);
        if (IpHeader.TryParse(packet, out IpHeader ip) is not WireError.None || ip.Protocol != IpProtocol.Tcp) return;
        if (TcpHeader.TryParse(ip.Payload(packet), ref seg) is not WireError.None) return;
        FourTuple tuple = outbound
            ? new FourTuple(ip.Source, seg.SourcePort, ip.Destination, seg.DestinationPort)
            : new FourTuple(ip.Destination, seg.DestinationPort, ip.Source, seg.SourcePort);
        if (FindOrAdd(in tuple) is not { } recorder) return;
        if (outbound) recorder.PacketSent(Host, packet, time);
        else recorder.PacketArrived(Host, packet, time);
    }

    private LadderRecorder? Find(in FourTuple tuple) => _recorders.GetValueOrDefault(tuple);

    private LadderRecorder? FindOrAdd(in FourTuple tuple)
    {
        if (_recorders.TryGetValue(tuple, out LadderRecorder? recorder)) return recorder;
        if (_recorders.Count >= MaxConnections) return null;
        recorder = new LadderRecorder { MaxEvents = MaxEvents };
        recorder.AddHost(Host, tuple.LocalAddress);
        recorder.AddHost(tuple.RemoteAddress.ToString(), tuple.RemoteAddress);
        _recorders.Add(tuple, recorder);
        return recorder;
    }

    private void Print(FourTuple tuple, TextWriter output)
    {
        if (!_recorders.Remove(tuple, out LadderRecorder? recorder)) return;
        Ladder ladder = recorder.Build(new LadderOptions { Left = tuple.RemoteAddress.ToString(), Right = Host });
        TextLadderRenderer.Render(ladder, output, _look);
        output.WriteLine();
    }
}
