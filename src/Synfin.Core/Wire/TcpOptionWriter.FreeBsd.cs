using System.Buffers.Binary;
using Kind = Synfin.Wire.TcpOptionNumber;

namespace Synfin.Wire;

/// <summary>
/// The layout of FreeBSD's tcp_addoptions: NOPs stand before an option whose words must be aligned, and end-of-list fills the last word:
/// <code>
/// SYN      MSS, NOP, window scale, SACK permitted, timestamps
///          MSS, SACK permitted, EOL, EOL                     (without window scale and timestamps)
/// data     NOP, NOP, timestamps, NOP, NOP, SACK blocks
/// </code>
/// </summary>
public static partial class TcpOptionWriter
{
    private static int WriteAsFreeBsd(Span<byte> destination, in TcpOptions options)
    {
        int i = 0;
        if (options.Has(TcpOptionKinds.MaximumSegmentSize))
            PutWord(destination, ref i, Kind.MaximumSegmentSize << 24 | 4 << 16 | options.MaximumSegmentSize);
        if (options.Has(TcpOptionKinds.WindowScale))
        {
            Align(destination, ref i, 2, 1);
            Put(destination, ref i, Kind.WindowScale, 3);
            destination[i++] = options.WindowScale;
        }
        if (options.Has(TcpOptionKinds.SackPermitted))
        {
            Align(destination, ref i, 2, 0);
            Put(destination, ref i, Kind.SackPermitted, 2);
        }
        if (options.Has(TcpOptionKinds.Timestamps))
        {
            Align(destination, ref i, 4, 2);
            Put(destination, ref i, Kind.Timestamps, 10);
            PutWord(destination, ref i, (int)options.TimestampValue);
            PutWord(destination, ref i, (int)options.TimestampEchoReply);
        }
        if (options.Has(TcpOptionKinds.UserTimeout))
        {
            Align(destination, ref i, 4, 0);
            PutWord(destination, ref i, Kind.UserTimeout << 24 | 4 << 16 | UserTimeoutField(options.UserTimeoutSeconds));
        }
        WriteSackAsFreeBsd(destination, ref i, in options);
        while (i % 4 != 0) destination[i++] = Kind.EndOfList; // MUST-69: what follows the end is zero, as the end is
        if (FastOpenFits(in options, i)) WriteFastOpen(destination, ref i, in options);
        return i;
    }

    private static void WriteSackAsFreeBsd(Span<byte> destination, ref int i, in TcpOptions options)
    {
        if (!options.Has(TcpOptionKinds.Sack)) return;
        int blocks = Math.Min((int)options.SackCount, (MaxLength - (i + 3 & ~3) - 4) / 8);
        if (blocks <= 0) return;
        Align(destination, ref i, 4, 2);
        Put(destination, ref i, Kind.Sack, 2 + 8 * blocks);
        for (int block = 0; block < blocks; block++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[i..], options.SackBlocks[block].Left.Value);
            BinaryPrimitives.WriteUInt32BigEndian(destination[(i + 4)..], options.SackBlocks[block].Right.Value);
            i += 8;
        }
    }

    /// <summary>NOPs until the position modulo <paramref name="unit"/> is <paramref name="remainder"/>.</summary>
    private static void Align(Span<byte> destination, ref int i, int unit, int remainder)
    {
        while (i % unit != remainder) destination[i++] = Kind.NoOperation;
    }

    private static void Put(Span<byte> destination, ref int i, int kind, int length)
    {
        destination[i++] = (byte)kind;
        destination[i++] = (byte)length;
    }
}
