using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>The send sequence variables (RFC 9293 3.3.1) and what belongs to them.</summary>
internal struct SendVariables
{
    /// <summary>SND.UNA: the oldest number that is not acknowledged.</summary>
    public SequenceNumber Una;

    /// <summary>SND.NXT: the next number to use. It never goes back: retransmission has a pointer of its own (Recovery).</summary>
    public SequenceNumber Nxt;

    /// <summary>SND.UP: the end of the urgent data that we announce (one past its last octet, MUST-62).</summary>
    public SequenceNumber Up;

    /// <summary>SND.WL1: the sequence number of the segment that updated the window last.</summary>
    public SequenceNumber Wl1;

    /// <summary>SND.WL2: the acknowledgment number of that segment.</summary>
    public SequenceNumber Wl2;

    /// <summary>ISS: our initial sequence number.</summary>
    public SequenceNumber Iss;

    /// <summary>The end of the last small segment that was sent (Minshall's variant of Nagle).</summary>
    public SequenceNumber Sml;

    /// <summary>SND.WND in octets, scaled.</summary>
    public int Wnd;

    /// <summary>MAX.SND.WND: the largest window that the peer ever offered (RFC 5961 5, RFC 9293 3.8.6.2.1).</summary>
    public int MaxWnd;

    /// <summary>Eff.snd.MSS: the text of a full segment with our options (MUST-16).</summary>
    public int Mss;

    /// <summary>The MSS that the peer announced, in octets, or the default.</summary>
    public int PeerMss;

    /// <summary>Snd.Wind.Shift (RFC 7323 2.2).</summary>
    public byte Scale;
}
