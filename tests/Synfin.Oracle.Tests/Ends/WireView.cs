using System.Text;
using Synfin.Oracle.Tests.Scripts;
using Synfin.Wire;

namespace Synfin.Oracle.Tests.Ends;

/// <summary>
/// The peer of one connection: it makes the segments of a script and puts what the host says into words, with numbers relative to both
/// initial sequence numbers, so that two hosts which chose differently can be compared.
/// </summary>
internal sealed class WireView(FourTuple host)
{
    /// <summary>How far the peer's clock goes on with each segment, in its ticks.</summary>
    private const int ClockStep = 10;

    private const uint FirstClock = 1_000_000;

    private static readonly SequenceNumber _irs = new(0xFFFF_F000);

    // Taken for the host's ISS until it sends a SYN, so that a segment to nobody has an ACK field.
    private SequenceNumber _iss = new(0x5000_0000);
    private SequenceNumber _rcv = _irs;
    private SequenceNumber _edge = _irs;
    private SequenceNumber _snd = new(0x5000_0000);
    private SequenceNumber _sent = _irs;
    private uint _clock = FirstClock;

    // Of the host's SYN, and echoed for ever: what a later one says depends on the kernel's clock, and so would what it makes of the echo.
    private uint _hostTimestamp;
    private int? _hostScale;
    private int? _offeredScale;
    private int? _peerScale;

    public FourTuple Host { get; } = host;

    /// <summary>Where the last segment lay.</summary>
    public Place? At { get; private set; }

    public byte[] Build(Step step)
    {
        _clock += ClockStep;
        TcpOptions options = OptionsOf(step);
        SequenceNumber seq = Place(step.SeqFrom) + step.Seq;
        SequenceNumber ack = step.Has(TcpFlags.Ack) ? Place(step.AckFrom) + step.Ack : default;
        byte[] packet = new byte[IpHeader.Ipv4Length + TcpHeader.MaximumLength + step.Length];
        Span<byte> tcp = packet.AsSpan(IpHeader.Ipv4Length);
        int header = TcpHeaderWriter.Write(
            tcp, Host.RemotePort, Host.LocalPort, seq, ack, step.Flags, (ushort)step.Window, (ushort)step.Urgent, in options);
        for (int i = 0; i < step.Length; i++) tcp[header + i] = TextAt(seq + i - _irs);
        int length = header + step.Length;
        TcpHeaderWriter.WriteChecksum(tcp[..length], Host.RemoteAddress, Host.LocalAddress);
        IpHeaderWriter.Write(packet, Host.RemoteAddress, Host.LocalAddress, IpProtocol.Tcp, length, 0, 64, 0);
        if (step.Has(TcpFlags.Syn)) _offeredScale = step.Scale;
        SequenceNumber end = seq + step.Length + (step.Has(TcpFlags.Syn) ? 1 : 0) + (step.Has(TcpFlags.Fin) ? 1 : 0);
        At = new Place(seq - _irs, end - _irs, _rcv - _irs, _edge - _irs, step.Has(TcpFlags.Ack) ? ack - _iss : 0);
        if (!step.Has(TcpFlags.Rst)) _sent = SequenceNumber.Max(_sent, end);
        return packet.AsSpan(0, IpHeader.Ipv4Length + length).ToArray();
    }

    /// <summary>The host's segment in words.</summary>
    public Reply Read(in Segment seg)
    {
        if (seg.Has(TcpFlags.Syn)) Synchronize(in seg);
        bool reset = seg.Has(TcpFlags.Rst);
        int scale = seg.Has(TcpFlags.Syn) || _peerScale is null ? 0 : _hostScale ?? 0;
        var words = new StringBuilder(Step.FlagWord(seg.Flags));
        words.Append(" seq ").Append(reset && seg.Seq.Value == 0 ? "zero" : Number(seg.Seq - _iss));
        if (seg.Has(TcpFlags.Ack)) words.Append(" ack ").Append(Number(seg.Ack - _irs));
        else if (seg.Ack.Value != 0) words.Append(" ACK field not zero");
        if (seg.Text.Length > 0) words.Append(" len ").Append(Number(seg.Text.Length));
        if (seg.Has(TcpFlags.Urg)) words.Append(" urg ").Append(Number(seg.Up));
        AppendOptions(words, in seg.Options);
        int window = seg.Wnd << scale;
        if (!reset)
        {
            _snd = SequenceNumber.Max(_snd, seg.Seq + seg.Len);
            if (seg.Has(TcpFlags.Ack)) _rcv = seg.Ack;
            if (seg.Has(TcpFlags.Ack)) _edge = SequenceNumber.Max(_edge, seg.Ack + window);
        }
        return new Reply(words.ToString(), reset ? 0 : window, seg.Has(TcpFlags.Syn));
    }

    private static byte TextAt(int offset) => (byte)(offset * 7 + offset / 256);

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void Synchronize(in Segment seg)
    {
        if (seg.Seq != _iss) _snd = seg.Seq; // a new connection
        _iss = seg.Seq;
        _peerScale = _offeredScale;
        _hostTimestamp = seg.Options.TimestampValue;
        _hostScale = seg.Options.Has(TcpOptionKinds.WindowScale) ? seg.Options.WindowScale : null;
    }

    private SequenceNumber Place(Origin from) => from switch
    {
        Origin.Irs => _irs,
        Origin.Iss => _iss,
        Origin.Rcv => _rcv,
        Origin.Edge => _edge,
        Origin.Snd => _snd,
        Origin.Sent => _sent,
        _ => throw new UnreachableException(),
    };

    private TcpOptions OptionsOf(Step step)
    {
        var options = default(TcpOptions);
        if (step.Mss is { } mss) options.SetMaximumSegmentSize(mss);
        if (step.Scale is { } scale) options.SetWindowScale(scale);
        if (step.SackPermitted) options.Present |= TcpOptionKinds.SackPermitted;
        if (step.Timestamp is { } offset) options.SetTimestamps(_clock + (uint)offset, _hostTimestamp);
        if (step.Sack is { } sack) options.AddSack(_snd + sack.Left, _snd + sack.Right);
        return options;
    }

    private static void AppendOptions(StringBuilder words, in TcpOptions options)
    {
        if (options.Has(TcpOptionKinds.MaximumSegmentSize)) words.Append(" mss ").Append(Number(options.MaximumSegmentSize));
        if (options.Has(TcpOptionKinds.WindowScale)) words.Append(" ws ").Append(Number(options.WindowScale));
        if (options.Has(TcpOptionKinds.SackPermitted)) words.Append(" sackOK");
        if (options.Has(TcpOptionKinds.Timestamps))
            words.Append(" ts ecr ").Append(options.TimestampEchoReply == 0 ? "0" : Number((int)(options.TimestampEchoReply - FirstClock)));
        for (int i = 0; i < options.SackCount; i++)
        {
            SackBlock block = options.SackBlocks[i];
            words.Append(" sack ").Append(Number(block.Left - _irs)).Append(':').Append(Number(block.Right - _irs));
        }
        if (options.Has(TcpOptionKinds.Unknown)) words.Append(" an unknown option");
    }
}
