using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>What one end has sent, and what it knows of the other, while a connection's segments are gone through in order.</summary>
internal sealed class SendSide
{
    private readonly List<(long Start, long End, StoryPacket Packet)> _carriers = [];
    private SequenceNumber _top;

    /// <summary>What relative numbers count from.</summary>
    public SequenceNumber? Base { get; private set; }

    /// <summary>The relative number after the highest sent.</summary>
    public long Top { get; private set; }

    /// <summary>The highest relative number that an arrived segment acknowledged.</summary>
    public long Acked { get; set; }

    /// <summary>The shift of the SYN's window scale option.</summary>
    public int? Scale { get; set; }

    /// <summary>The peer's window as of the last segment that arrived; null before one did.</summary>
    public int? PeerWindow { get; set; }

    /// <summary>The last segment sent.</summary>
    public StoryPacket? Last { get; set; }

    public bool SentSyn { get; set; }

    public bool SentFin { get; set; }

    /// <summary>Whether an arrived segment acknowledged the FIN.</summary>
    public bool FinAcked { get; set; }

    /// <summary>Whether a SYN or RST arrived that a synchronised end answers with a challenge ACK.</summary>
    public bool Challenged { get; set; }

    /// <summary>When the retransmission timer was last started anew, as far as it shows.</summary>
    public Timestamp RtoStart { get; set; }

    /// <summary>When this end last sent or received.</summary>
    public Timestamp LastActivity { get; set; }

    /// <summary>Octets of text that no arrived segment acknowledged.</summary>
    public long UnacknowledgedText => Math.Max(0, Top - (SentFin ? 1 : 0) - Math.Max(Acked, SentSyn ? 1 : 0));

    public void SetBase(SequenceNumber value)
    {
        if (Base is not null) return;
        Base = value;
        _top = value;
    }

    /// <summary>A SYN,ACK with another number: this end begins again, and so does the count; <see cref="Base"/> stays the first.</summary>
    public void BeginAgain(SequenceNumber value)
    {
        _top = value;
        _carriers.Clear();
        Top = 0;
        Acked = 0;
        SentFin = false;
        Last = null;
    }

    /// <summary>Counted from <see cref="Base"/>; right beyond 4 GB, as the nearest number to what was sent last.</summary>
    public long Relative(SequenceNumber number) => Top + (number - _top);

    /// <summary>Records sequence space as sent by this packet.</summary>
    public void Extend(StoryPacket packet, long start, LadderSegment segment)
    {
        long end = start + segment.Len;
        if (_carriers.Count > 0 && end <= Top) return;
        _carriers.Add((_carriers.Count == 0 ? start : Math.Max(start, Top), end, packet));
        Top = end;
        _top = segment.End;
    }

    /// <summary>Whether anything that takes sequence space was sent.</summary>
    public bool SentSomething => _carriers.Count > 0;

    /// <summary>The packet that first carried this octet.</summary>
    public StoryPacket? FirstCarrier(long octet)
    {
        int low = 0, high = _carriers.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            var carrier = _carriers[middle];
            if (octet < carrier.Start) high = middle - 1;
            else if (octet >= carrier.End) low = middle + 1;
            else return carrier.Packet;
        }
        return null;
    }
}
