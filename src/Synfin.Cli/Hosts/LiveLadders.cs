using System.Buffers.Binary;
using System.Threading.Channels;
using Synfin.Captures.Ladders;
using Synfin.Linux;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Cli.Hosts;

/// <summary>
/// Draws each connection's ladder when it has ended. The host knows one end only: what the far end is in is inferred from its segments.
/// Shards may tell it things at the same time.
/// </summary>
internal sealed class LiveLadders : ITcpObserver, IAsyncDisposable
{
    private const string Host = "synfin";

    private const int EthernetLength = 14;
    private const int EtherTypeOffset = 12;
    private const ushort EtherTypeIpv4 = 0x0800;
    private const ushort EtherTypeIpv6 = 0x86DD;

    /// <summary>Connections recorded at a time; later ones get no ladder.</summary>
    private const int MaxConnections = 1_024;

    /// <summary>Events of one connection; the ladder says how many are missing.</summary>
    private const int MaxEvents = 20_000;

    /// <summary>What belongs to the end still comes for so long: the last ACK goes out after the state that says so.</summary>
    private static readonly TimeSpan _settling = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly Dictionary<FourTuple, Recording> _recordings = [];
    private readonly Channel<Recording> _ended = Channel.CreateUnbounded<Recording>();
    private readonly CancellationTokenSource _hurry = new();
    private readonly TextWriter _output;
    private readonly TextLadderOptions _look;
    private readonly bool _ethernet;
    private readonly TimeProvider _time;
    private readonly Task _printing;

    /// <summary>Ladders of so many columns.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="width">Columns.</param>
    /// <param name="color">Whether to colour.</param>
    /// <param name="ethernet">Whether the packets that are tapped begin with an Ethernet header.</param>
    /// <param name="time">The clock of what waits.</param>
    public LiveLadders(TextWriter output, int width, bool color, bool ethernet, TimeProvider time)
    {
        _output = output;
        _look = new TextLadderOptions { Width = width, Colour = color };
        _ethernet = ethernet;
        _time = time;
        _printing = PrintAsync();
    }

    /// <summary>Draws the ladders of all that have ended, and of no more.</summary>
    public async ValueTask DisposeAsync()
    {
        _ended.Writer.TryComplete();
        await _hurry.CancelAsync().ConfigureAwait(false);
        await _printing.ConfigureAwait(false);
        _hurry.Dispose();
    }

    /// <summary>Sees the packets; a <see cref="PacketTap"/>.</summary>
    public void Tap(Timestamp time, bool outbound, ReadOnlySpan<byte> packet)
    {
        var seg = default(Segment);
        if (_ethernet && !TrySkipHeader(ref packet)) return;
        if (IpHeader.TryParse(packet, out IpHeader ip) is not WireError.None || ip.Protocol != IpProtocol.Tcp) return;
        if (TcpHeader.TryParse(ip.Payload(packet), ref seg) is not WireError.None) return;
        FourTuple tuple = outbound
            ? new FourTuple(ip.Source, seg.SourcePort, ip.Destination, seg.DestinationPort)
            : new FourTuple(ip.Destination, seg.DestinationPort, ip.Source, seg.SourcePort);
        lock (_lock)
        {
            // Stray segments, such as those that TIME-WAIT answers, begin no ladder.
            if (FindOrAdd(in tuple, add: (seg.Flags & TcpFlags.Syn) != 0) is not { } recording) return;
            if (outbound) recording.Recorder.PacketSent(Host, packet, time);
            else recording.Recorder.PacketArrived(Host, packet, time);
            bool isRefusal = outbound && (seg.Flags & TcpFlags.Rst) != 0 && !recording.HasState;
            if (isRefusal) End(recording);
        }
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
    public void SegmentDropped(in SegmentEvent e, DropReason reason)
    {
        lock (_lock) Find(e.Tuple)?.Recorder.SegmentDropped(Host, in e, reason);
    }

    /// <inheritdoc/>
    public void StateChanged(in StateEvent e)
    {
        FourTuple tuple = e.Tuple;
        if (tuple.RemotePort == 0) return; // a listener
        lock (_lock)
        {
            if (FindOrAdd(in tuple, add: e.To is TcpState.SynSent) is not { } recording) return;
            recording.HasState = true;
            recording.Recorder.StateChanged(Host, in e);
            if (e.To is TcpState.Closed or TcpState.TimeWait) End(recording);
        }
    }

    /// <inheritdoc/>
    public void TimerFired(in TimerEvent e)
    {
        lock (_lock) Find(e.Tuple)?.Recorder.TimerFired(Host, in e);
    }

    /// <inheritdoc/>
    public void UserCalled(in UserCallEvent e)
    {
        FourTuple tuple = e.Tuple;
        if (tuple.RemotePort == 0) return;
        lock (_lock) FindOrAdd(in tuple, add: e.Call is UserCall.Open)?.Recorder.UserCalled(Host, in e);
    }

    private static bool TrySkipHeader(ref ReadOnlySpan<byte> frame)
    {
        if (frame.Length < EthernetLength) return false;
        ushort etherType = BinaryPrimitives.ReadUInt16BigEndian(frame[EtherTypeOffset..]);
        frame = frame[EthernetLength..];
        return etherType is EtherTypeIpv4 or EtherTypeIpv6;
    }

    private Recording? Find(in FourTuple tuple) => _recordings.GetValueOrDefault(tuple);

    private Recording? FindOrAdd(in FourTuple tuple, bool add)
    {
        if (_recordings.TryGetValue(tuple, out Recording? recording) || !add) return recording;
        if (_recordings.Count >= MaxConnections) return null;
        var recorder = new LadderRecorder { MaxEvents = MaxEvents };
        recorder.AddHost(Host, tuple.LocalAddress);
        recorder.AddHost(tuple.RemoteAddress.ToString(), tuple.RemoteAddress);
        recording = new Recording(tuple, recorder);
        _recordings.Add(tuple, recording);
        return recording;
    }

    private void End(Recording recording)
    {
        if (recording.HasEnded) return;
        recording.HasEnded = true;
        _ended.Writer.TryWrite(recording);
    }

    private async Task PrintAsync()
    {
        await foreach (Recording recording in _ended.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await Task.Delay(_settling, _time, _hurry.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The host has ended: nothing comes any more.
            }
            lock (_lock) _recordings.Remove(recording.Tuple);
            Print(recording);
        }
    }

    private void Print(Recording recording)
    {
        string remote = recording.Tuple.RemoteAddress.ToString();
        Ladder ladder = recording.Recorder.Build(new LadderOptions { Left = remote, Right = Host });
        using var text = new StringWriter();
        TextLadderRenderer.Render(ladder, text, _look);
        _output.WriteLine($"{recording.Tuple.RemoteAddress.WithPort(recording.Tuple.RemotePort)} and "
            + $"{recording.Tuple.LocalAddress.WithPort(recording.Tuple.LocalPort)}:{Environment.NewLine}{text}");
        _output.Flush();
    }

    private sealed class Recording(FourTuple tuple, LadderRecorder recorder)
    {
        public FourTuple Tuple { get; } = tuple;

        public LadderRecorder Recorder { get; } = recorder;

        public bool HasState { get; set; }

        public bool HasEnded { get; set; }
    }
}
