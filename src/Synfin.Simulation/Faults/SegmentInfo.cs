using Synfin.Simulation.Packets;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.Faults;

/// <summary>A packet as rules see it when its sender puts it on the wire. Borrowed: it does not outlive the call.</summary>
public readonly ref struct SegmentInfo
{
    private readonly PacketView _view;
    private readonly FlowFacts _facts;

    internal SegmentInfo(string from, string to, Timestamp time, scoped in PacketView view, scoped in FlowFacts facts)
    {
        From = from;
        To = to;
        Time = time;
        _view = view;
        _facts = facts;
    }

    /// <summary>The name of the host that sends it.</summary>
    public string From { get; }

    /// <summary>The name of the host that has its destination address; the address as text if no host has it.</summary>
    public string To { get; }

    /// <summary>When it was sent.</summary>
    public Timestamp Time { get; }

    /// <summary>The whole IP packet.</summary>
    public ReadOnlySpan<byte> Packet => _view.Packet;

    /// <summary>The sender's address.</summary>
    public InternetAddress Source => _view.Source;

    /// <summary>The receiver's address.</summary>
    public InternetAddress Destination => _view.Destination;

    /// <summary>Whether it is TCP; the members below are only meaningful then.</summary>
    public bool IsTcp => _view.IsTcp;

    /// <summary>Whether it is ICMP or ICMPv6.</summary>
    public bool IsIcmp => _view.IsIcmp;

    /// <summary>The sender's port.</summary>
    public ushort SourcePort => _view.SourcePort;

    /// <summary>The receiver's port.</summary>
    public ushort DestinationPort => _view.DestinationPort;

    /// <summary>SEG.SEQ.</summary>
    public SequenceNumber Seq => _view.Seq;

    /// <summary>SEG.ACK.</summary>
    public SequenceNumber Ack => _view.Ack;

    /// <summary>SEG.WND as on the wire.</summary>
    public ushort Wnd => _view.Wnd;

    /// <summary>The control bits.</summary>
    public TcpFlags Flags => _view.Flags;

    /// <summary>The octets of the stream.</summary>
    public ReadOnlySpan<byte> Text => _view.Text;

    /// <summary>An acknowledgment and nothing else.</summary>
    public bool IsPureAck => _view.IsPureAck;

    /// <summary>
    /// Where the text stands in the sender's stream: 0 is the octet after the sender's ISN. -1 if its SYN was not seen.
    /// </summary>
    public long StreamOffset => _facts.StreamOffset;

    /// <summary>Whether a part of it was sent before.</summary>
    public bool IsRetransmission => _facts.IsRetransmission;

    /// <summary>Whether it acknowledges the peer's FIN.</summary>
    public bool AcknowledgesFin => _facts.AcknowledgesFin;

    /// <summary>Whether it is the pure ACK that ends the handshake.</summary>
    public bool IsHandshakeAck => _facts.IsHandshakeAck;

    /// <summary>Whether <paramref name="flag"/> is set.</summary>
    public bool Has(TcpFlags flag) => _view.Has(flag);

    /// <inheritdoc cref="object.ToString"/>
    public override string ToString() => PacketText.Describe(_view.Packet);
}
