namespace Synfin.Stack;

/// <summary>How strictly, and in which order, arriving segments are judged where TCPs differ.</summary>
public enum InputRule : byte
{
    /// <summary>RFC 9293 3.10.7 with RFC 5961 and RFC 7323: what lies outside of the window is answered, within limits.</summary>
    Rfc9293,

    /// <summary>
    /// As FreeBSD's tcp_do_segment(), syncache and tcp_twcheck(): a RST is compared with the last ACK sent, each segment out of the window
    /// is answered, the ACK of an old one counts, and PAWS drops a segment without text silently.
    /// </summary>
    FreeBsd,
}
