using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>Arithmetic of the receive window; no state.</summary>
internal static class ReceiveWindow
{
    /// <summary>The acceptability test of RFC 9293 3.10.7.4, Table 6.</summary>
    public static bool Accepts(SequenceNumber next, int window, SequenceNumber seq, int length)
    {
        if (length == 0) return window == 0 ? seq == next : seq.IsIn(next, next + window);
        if (window == 0) return seq == next; // the text is cut off, but ACK, RST and URG count (MUST-66)
        return seq.IsIn(next, next + window) || (seq + (length - 1)).IsIn(next, next + window)
            || (seq < next && seq + length > next + window);
    }

    /// <summary>The smallest shift with which the buffer fits 16 bits (RFC 7323 2.3: at most 14).</summary>
    public static byte ScaleFor(int buffer)
    {
        byte shift = 0;
        while (shift < 14 && buffer >> shift > ushort.MaxValue) shift++;
        return shift;
    }

    /// <summary>What of a buffer is for text at first: Linux reserves half for its own bookkeeping, until it knows better.</summary>
    public static int Space(int buffer, ReceiveWindowRule rule) => rule is ReceiveWindowRule.Linux ? buffer / 2 : buffer;

    /// <summary>The window to begin with; Linux rounds it down to full segments.</summary>
    public static int First(int buffer, int mss, ReceiveWindowRule rule)
    {
        int space = Space(buffer, rule);
        return rule is ReceiveWindowRule.Linux && space > mss ? space - space % mss : space;
    }

    /// <summary>The window of a SYN or SYN,ACK, which is never scaled.</summary>
    public static int InSyn(int buffer, int mss, ReceiveWindowRule rule) => Math.Min(First(buffer, mss, rule), ushort.MaxValue);

    /// <summary>
    /// The new right edge, or the old one if the step would be silly (RFC 9293 3.8.6.2.2, MUST-39) or backwards (SHLD-14).
    /// </summary>
    public static SequenceNumber NextEdge(SequenceNumber next, SequenceNumber edge, int free, int buffer, int mss)
    {
        SequenceNumber candidate = next + Math.Max(free, 0);
        int step = candidate - edge;
        return step >= Math.Min(buffer / 2, mss) ? candidate : edge;
    }

    /// <summary>
    /// The wire's window field. What is new is rounded down. What was promised is rounded up, so that the edge does not move left, but
    /// never over what is free, or each ACK of a few octets would move it right: then it hides the last few, which are taken if they come
    /// (RFC 7323 2.4).
    /// </summary>
    public static ushort Field(int window, int promised, int free, int scale)
    {
        int field = window >> scale;
        if (field << scale < promised)
        {
            int up = (promised + (1 << scale) - 1) >> scale;
            if (up << scale <= free) field = up;
        }
        return (ushort)Math.Min(field, ushort.MaxValue);
    }

    /// <summary>
    /// The right edge as Linux offers it: no more than <paramref name="limit"/>, in units of the scale or, without one, of segments; none
    /// while less than a segment or a sixteenth is free of a buffer that is half full. It never moves left.
    /// </summary>
    /// <param name="next">RCV.NXT.</param>
    /// <param name="edge">The edge that was promised.</param>
    /// <param name="free">What is free of the buffer.</param>
    /// <param name="buffer">The buffer.</param>
    /// <param name="limit">The most to offer.</param>
    /// <param name="mss">What a full segment of the peer seems to hold.</param>
    /// <param name="scale">Rcv.Wind.Shift.</param>
    public static SequenceNumber LinuxEdge(SequenceNumber next, SequenceNumber edge, int free, int buffer, int limit, int mss, int scale)
    {
        mss = Math.Min(mss, buffer);
        if (free < buffer / 2)
        {
            free = free >> scale << scale;
            if (free < buffer >> 4 || free < mss) return edge;
        }
        free = Math.Min(free, limit);
        int window = edge - next;
        if (scale > 0) window = free + (1 << scale) - 1 >> scale << scale;
        else if (window <= free - mss || window > free) window = free / mss * mss;
        else if (mss == buffer && free > window + buffer / 2) window = free;
        return SequenceNumber.Max(next + Math.Max(window, 0), edge);
    }

    /// <summary>
    /// The right edge as FreeBSD offers it: all that is free, but nothing if that is less than a quarter of the buffer and than a segment.
    /// It never moves left.
    /// </summary>
    public static SequenceNumber FreeBsdEdge(SequenceNumber next, SequenceNumber edge, int free, int buffer, int mss)
    {
        int window = free < buffer / 4 && free < mss ? 0 : free;
        return SequenceNumber.Max(next + window, edge);
    }
}
