using System.Buffers.Binary;
using Kind = Synfin.Wire.TcpOptionNumber;

namespace Synfin.Wire;

/// <summary>
/// Writes options in the order and alignment that Linux uses, which middleboxes have seen most:
/// <code>
/// SYN    MSS, SACK permitted, timestamps, NOP, window scale
///        MSS, NOP, NOP, SACK permitted, NOP, window scale            (without timestamps)
/// data   NOP, NOP, timestamps, NOP, NOP, SACK blocks
/// </code>
/// User timeout and Fast Open come last. Every option starts and ends on a word by NOPs, so the list never needs an end (MUST-69).
/// <see cref="TcpOptionLayout.FreeBsd"/> is the other order.
/// </summary>
public static partial class TcpOptionWriter
{
    /// <summary>The most octets of options that a header has room for.</summary>
    public const int MaxLength = TcpHeader.MaximumLength - TcpHeader.MinimumLength;

    private const int NopNop = Kind.NoOperation << 8 | Kind.NoOperation;

    /// <summary>How many octets <see cref="Write"/> takes: a multiple of 4, at most <see cref="MaxLength"/>.</summary>
    public static int Length(in TcpOptions options)
    {
        int length = FixedLength(in options);
        int blocks = SackBlocksThatFit(in options, length);
        length += blocks == 0 ? 0 : 4 + 8 * blocks;
        return length + (FastOpenFits(in options, length) ? FastOpenLength(in options) : 0);
    }

    /// <summary>
    /// Writes what is in <see cref="TcpOptions.Present"/>, but for kinds that are not known or carry no value here. SACK blocks that do not
    /// fit are left out from the last one on (RFC 2018 4: the first is the most recent), and so is a cookie that does not fit.
    /// </summary>
    /// <param name="destination">At least <see cref="Length"/> octets.</param>
    /// <param name="options">The options.</param>
    /// <param name="layout">Their order and padding; the length is the same in both.</param>
    /// <returns>The octets written; see <see cref="Length"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static int Write(Span<byte> destination, in TcpOptions options, TcpOptionLayout layout = TcpOptionLayout.Linux)
    {
        if (layout is TcpOptionLayout.FreeBsd) return WriteAsFreeBsd(destination, in options);
        int i = 0;
        if (options.Has(TcpOptionKinds.MaximumSegmentSize))
        {
            PutWord(destination, ref i, Kind.MaximumSegmentSize << 24 | 4 << 16 | options.MaximumSegmentSize);
        }
        bool sackPermitted = options.Has(TcpOptionKinds.SackPermitted);
        if (options.Has(TcpOptionKinds.Timestamps))
        {
            int front = sackPermitted ? Kind.SackPermitted << 8 | 2 : NopNop;
            PutWord(destination, ref i, front << 16 | Kind.Timestamps << 8 | 10);
            PutWord(destination, ref i, (int)options.TimestampValue);
            PutWord(destination, ref i, (int)options.TimestampEchoReply);
        }
        else if (sackPermitted)
        {
            PutWord(destination, ref i, NopNop << 16 | Kind.SackPermitted << 8 | 2);
        }
        if (options.Has(TcpOptionKinds.WindowScale))
        {
            PutWord(destination, ref i, Kind.NoOperation << 24 | Kind.WindowScale << 16 | 3 << 8 | options.WindowScale);
        }
        if (options.Has(TcpOptionKinds.UserTimeout))
        {
            PutWord(destination, ref i, Kind.UserTimeout << 24 | 4 << 16 | UserTimeoutField(options.UserTimeoutSeconds));
        }
        Debug.Assert(i == FixedLength(in options), "length and layout agree");
        WriteSack(destination, ref i, in options);
        if (FastOpenFits(in options, i)) WriteFastOpen(destination, ref i, in options);
        return i;
    }

    private static void WriteSack(Span<byte> destination, ref int i, in TcpOptions options)
    {
        int blocks = SackBlocksThatFit(in options, i);
        if (blocks == 0) return;
        PutWord(destination, ref i, NopNop << 16 | Kind.Sack << 8 | (2 + 8 * blocks));
        for (int block = 0; block < blocks; block++)
        {
            PutWord(destination, ref i, (int)options.SackBlocks[block].Left.Value);
            PutWord(destination, ref i, (int)options.SackBlocks[block].Right.Value);
        }
    }

    private static void WriteFastOpen(Span<byte> destination, ref int i, in TcpOptions options)
    {
        Span<byte> option = destination.Slice(i, FastOpenLength(in options));
        int length = options.FastOpenCookieLength;
        option.Fill(Kind.NoOperation);
        option[0] = Kind.FastOpen;
        option[1] = (byte)(2 + length);
        ReadOnlySpan<byte> cookie = options.FastOpenCookie;
        cookie[..length].CopyTo(option[2..]);
        i += option.Length;
    }

    private static int FixedLength(in TcpOptions options) =>
        (options.Has(TcpOptionKinds.MaximumSegmentSize) ? 4 : 0)
        + (options.Has(TcpOptionKinds.Timestamps) ? 12 : options.Has(TcpOptionKinds.SackPermitted) ? 4 : 0)
        + (options.Has(TcpOptionKinds.WindowScale) ? 4 : 0)
        + (options.Has(TcpOptionKinds.UserTimeout) ? 4 : 0);

    private static int SackBlocksThatFit(in TcpOptions options, int used) =>
        options.Has(TcpOptionKinds.Sack) ? Math.Min((int)options.SackCount, (MaxLength - used - 4) / 8) : 0;

    private static bool FastOpenFits(in TcpOptions options, int used) =>
        options.Has(TcpOptionKinds.FastOpen) && FastOpenLength(in options) <= MaxLength - used;

    private static int FastOpenLength(in TcpOptions options) => 2 + options.FastOpenCookieLength + 3 & ~3;

    /// <summary>Seconds as far as 15 bits hold them, then minutes, rounded up (RFC 5482 3); never the reserved zero.</summary>
    private static int UserTimeoutField(int seconds) =>
        seconds <= 0x7FFF ? Math.Max(seconds, 1) : 0x8000 | Math.Min((seconds - 1) / 60 + 1, 0x7FFF);

    private static void PutWord(Span<byte> destination, ref int i, int word)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination[i..], word);
        i += 4;
    }
}
