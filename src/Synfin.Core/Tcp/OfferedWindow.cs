using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>The window that this end offers (RFC 9293 3.8.6.2.2, RFC 7323 2).</summary>
public sealed partial class TcpConnection
{
    /// <summary>The receive buffer's size. FreeBSD makes it a multiple of a full segment.</summary>
    private int ReceiveBuffer
    {
        get
        {
            int size = Options.ReceiveBuffer;
            if (Profile.WindowRule is not ReceiveWindowRule.FreeBsd) return size;
            int mss = Math.Min(Snd.PeerMss, (int)Rcv.Mss);
            return size > mss ? (size + mss - 1) / mss * mss : size;
        }
    }

    /// <summary>What the receive buffer may hold at most: with a promise that was rounded up.</summary>
    private int ReceiveLimit => ReceiveBuffer + (Profile.WindowRule is ReceiveWindowRule.Linux ? (1 << Rcv.Scale) - 1 : 0);

    /// <summary>
    /// RCV.BUFF: no more of the buffer than the window field can say. Measured against more, a step of half of it or of a large MSS might
    /// never come, and the sender, which waits for half of the largest window it saw, neither (RFC 9293 3.8.6.2).
    /// </summary>
    private int OfferableBuffer => Math.Min(ReceiveBuffer, ushort.MaxValue << Rcv.Scale);

    /// <summary>The right edge that we may offer now: as much as is free, and as the window field can say.</summary>
    private SequenceNumber OfferedEdge()
    {
        int free = Math.Min(ReceiveRoom, OfferableBuffer);
        switch (Profile.WindowRule)
        {
            case ReceiveWindowRule.Linux when _linux is { } linux:
                int full = linux.Acknowledgment.ReceiveMss;
                return ReceiveWindow.LinuxEdge(Rcv.Nxt, Rcv.Edge, free, OfferableBuffer, linux.OfferLimit, full, Rcv.Scale);
            case ReceiveWindowRule.FreeBsd:
                return ReceiveWindow.FreeBsdEdge(Rcv.Nxt, Rcv.Edge, free, OfferableBuffer, Rcv.Mss);
            case ReceiveWindowRule.Free or ReceiveWindowRule.Linux:
                return ReceiveWindow.NextEdge(Rcv.Nxt, Rcv.Edge, free, OfferableBuffer, Rcv.Mss);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The window field of the next segment.</summary>
    private ushort WindowField()
    {
        int window = OfferedEdge() - Rcv.Nxt;
        switch (Profile.WindowRule)
        {
            case ReceiveWindowRule.Free:
                return ReceiveWindow.Field(window, Rcv.Wnd, ReceiveRoom, Rcv.Scale);
            case ReceiveWindowRule.Linux:
                int unit = 1 << Rcv.Scale;
                int up = window + unit - 1 >> Rcv.Scale;
                // ACKs of a few octets each would move the edge right without end.
                if (up << Rcv.Scale >= ReceiveRoom + unit) up = window >> Rcv.Scale;
                return (ushort)Math.Min(up, ushort.MaxValue);
            case ReceiveWindowRule.FreeBsd:
                return (ushort)Math.Min(window >> Rcv.Scale, ushort.MaxValue);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The edge that such a field promises. FreeBSD keeps its promise to the octet, though the field cannot tell it.</summary>
    private SequenceNumber PromisedEdge(ushort field) =>
        Profile.WindowRule is ReceiveWindowRule.FreeBsd ? OfferedEdge() : Rcv.Nxt + (field << Rcv.Scale);


    /// <summary>A read made room: is it worth a segment of its own?</summary>
    private bool WindowUpdateIsDue()
    {
        int step = OfferedEdge() - Rcv.Edge;
        if (step <= 0) return false;
        switch (Profile.WindowRule)
        {
            case ReceiveWindowRule.Free: // two full segments or half of the buffer are
                return step >= Math.Min(2 * Rcv.Mss, OfferableBuffer / 2) || Rcv.Wnd < Rcv.Mss;
            case ReceiveWindowRule.Linux: // at least as much again as the peer knows of
                return 2 * Rcv.Wnd <= OfferableBuffer && OfferedEdge() - Rcv.Nxt >= 2 * Rcv.Wnd;
            case ReceiveWindowRule.FreeBsd:
                if (Rcv.Wnd >> Rcv.Scale == Rcv.Wnd + step >> Rcv.Scale) return false;
                bool large = step >= OfferableBuffer / 4 || ReceiveRoom <= OfferableBuffer / 8 || OfferableBuffer <= 8 * Rcv.Mss;
                return (step >= 2 * Rcv.Mss && large) || 2 * step >= OfferableBuffer;
            default:
                throw new UnreachableException();
        }
    }
}
