using Synfin.Tcp;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>A segment without text that no full connection sends: RST, the SYN,ACK of a half-open entry, an ACK in TIME-WAIT.</summary>
internal struct PendingReply
{
    public const byte NoWindowScale = 255;

    public FourTuple Tuple;
    public SequenceNumber Seq;
    public SequenceNumber Ack;
    public TcpFlags Flags;
    public ushort Wnd;
    public ushort MaximumSegmentSize;
    public byte WindowScale;
    public bool SackPermitted;
    public bool HasTimestamps;
    public uint TimestampValue;
    public uint TimestampEchoReply;
    public byte TrafficClass;
    public byte TimeToLive;
    public TcpState State;
    public bool Retransmission;

    /// <summary>Nothing set but that there is no window scale.</summary>
    public PendingReply()
    {
        WindowScale = NoWindowScale;
        TimeToLive = 64;
    }

    public readonly void WriteOptions(ref TcpOptions options)
    {
        if (MaximumSegmentSize > 0) options.SetMaximumSegmentSize(MaximumSegmentSize);
        if (WindowScale != NoWindowScale) options.SetWindowScale(WindowScale);
        if (SackPermitted) options.Present |= TcpOptionKinds.SackPermitted;
        if (HasTimestamps) options.SetTimestamps(TimestampValue, TimestampEchoReply);
    }
}
