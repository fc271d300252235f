using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Synfin.Wire;

/// <summary>
/// The Internet checksum (RFC 1071): the complement of the ones-complement sum of 16-bit words.
/// <para>
/// Byte order: a <c>sum</c> is an accumulator of words as they lie in memory, in the machine's own byte order, wider than 16 bits. Sums
/// may be added to each other with plain <c>+</c>, up to 8 GiB of input, as long as each part but the last has an even length (see
/// <see cref="ChecksumAccumulator"/> for others). <see cref="Fold"/> and <see cref="Finish"/> turn a sum into an ordinary number, to be
/// written big-endian.
/// </para>
/// </summary>
public static class InternetChecksum
{
    /// <summary>Adds the words of <paramref name="data"/> to <paramref name="sum"/>; an odd last octet is padded with zero.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // inlined into a large caller, the loop is several times slower
    public static ulong Sum(ReadOnlySpan<byte> data, ulong sum = 0) => Walk(data, default, sum, copy: false);

    /// <summary>Copies and sums in one pass.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)] // inlined into a large caller, the loop is several times slower
    public static ulong CopyAndSum(ReadOnlySpan<byte> source, Span<byte> destination, ulong sum = 0)
    {
        if (destination.Length < source.Length) throw new ArgumentException("shorter than the source", nameof(destination));
        return Walk(source, destination, sum, copy: true);
    }

    /// <summary>The sum of the pseudo-header (RFC 9293 3.1 for IPv4, RFC 8200 8.1 for IPv6).</summary>
    /// <param name="source">The sender's address.</param>
    /// <param name="destination">The receiver's address, of the same family.</param>
    /// <param name="protocol">The upper-layer protocol.</param>
    /// <param name="length">The upper-layer length in octets, header included.</param>
    public static ulong PseudoHeader(InternetAddress source, InternetAddress destination, byte protocol, int length)
    {
        Debug.Assert(source.IsIpv4 == destination.IsIpv4, "one family");
        // As big-endian numbers first: an address takes four 32-bit words, of which IPv4 uses one; a wider zero does not change the sum.
        ulong sum = (uint)length + (ulong)protocol;
        sum += source.IsIpv4 ? source.Ipv4 : Words(source.High) + Words(source.Low);
        sum += destination.IsIpv4 ? destination.Ipv4 : Words(destination.High) + Words(destination.Low);
        return ToMachineOrder(Fold16(sum));
    }

    /// <summary>The sum in 16 bits, not complemented: what a link that completes checksums wants to find in the field.</summary>
    public static ushort Fold(ulong sum) => ToMachineOrder(Fold16(sum));

    /// <summary>The checksum: the complement of <see cref="Fold"/>.</summary>
    public static ushort Finish(ulong sum) => (ushort)~Fold(sum);

    /// <summary>
    /// The checksum after one word that it covers has changed (RFC 1624 3, equation 3: HC' = ~(~HC + ~m + m')). Unlike RFC 1141's it never
    /// turns a checksum that should be 0x0000 into 0xFFFF. (Covered octets that are all zero would be the exception; no header is.)
    /// </summary>
    public static ushort Update(ushort checksum, ushort oldWord, ushort newWord)
    {
        uint sum = (ushort)~checksum + (uint)(ushort)~oldWord + newWord;
        return (ushort)~Fold16(sum);
    }

    /// <summary>Whether the checksum in a segment (or ICMPv6 message) matches its octets and its pseudo-header (MUST-3).</summary>
    public static bool Verify(InternetAddress source, InternetAddress destination, byte protocol, ReadOnlySpan<byte> segment) =>
        Verify(Sum(segment, PseudoHeader(source, destination, protocol, segment.Length)));

    /// <summary>Whether a sum over octets with their checksum among them is right.</summary>
    public static bool Verify(ulong sum) => Fold16(sum) == 0xFFFF;

    /// <summary>Reduces modulo 2^16 - 1; only a sum of nothing but zeros gives zero.</summary>
    internal static ushort Fold16(ulong sum)
    {
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16 & 0xFFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)(sum + (sum >> 16));
    }

    private static ulong Words(ulong value) => (uint)value + (value >> 32);

    private static ushort ToMachineOrder(ushort value) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    /// <summary>
    /// Adds 32-bit words into 64-bit lanes, which cannot overflow: the low and the high half of each lane have an accumulator of their own.
    /// Each width takes what the wider one has left, so that the narrow loops are also the tail of the wide one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // for `copy` to be a constant
    private static ulong Walk(ReadOnlySpan<byte> source, Span<byte> destination, ulong sum, bool copy)
    {
        if (Vector512.IsHardwareAccelerated && source.Length >= Vector512<byte>.Count)
        {
            Vector512<ulong> low = default, high = default, mask = Vector512.Create<ulong>(uint.MaxValue);
            ReadOnlySpan<Vector512<ulong>> blocks = MemoryMarshal.Cast<byte, Vector512<ulong>>(source);
            for (int i = 0; i < blocks.Length; i++)
            {
                Vector512<ulong> block = blocks[i];
                if (copy) MemoryMarshal.Cast<byte, Vector512<ulong>>(destination)[i] = block;
                low += block & mask;
                high += block >>> 32;
            }
            sum += Vector512.Sum(low + high);
            source = source[(blocks.Length * Vector512<byte>.Count)..];
            if (copy) destination = destination[(blocks.Length * Vector512<byte>.Count)..];
        }
        if (Vector256.IsHardwareAccelerated && source.Length >= Vector256<byte>.Count)
        {
            Vector256<ulong> low = default, high = default, mask = Vector256.Create<ulong>(uint.MaxValue);
            ReadOnlySpan<Vector256<ulong>> blocks = MemoryMarshal.Cast<byte, Vector256<ulong>>(source);
            for (int i = 0; i < blocks.Length; i++)
            {
                Vector256<ulong> block = blocks[i];
                if (copy) MemoryMarshal.Cast<byte, Vector256<ulong>>(destination)[i] = block;
                low += block & mask;
                high += block >>> 32;
            }
            sum += Vector256.Sum(low + high);
            source = source[(blocks.Length * Vector256<byte>.Count)..];
            if (copy) destination = destination[(blocks.Length * Vector256<byte>.Count)..];
        }
        if (Vector128.IsHardwareAccelerated && source.Length >= Vector128<byte>.Count)
        {
            Vector128<ulong> low = default, high = default, mask = Vector128.Create<ulong>(uint.MaxValue);
            ReadOnlySpan<Vector128<ulong>> blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(source);
            for (int i = 0; i < blocks.Length; i++)
            {
                Vector128<ulong> block = blocks[i];
                if (copy) MemoryMarshal.Cast<byte, Vector128<ulong>>(destination)[i] = block;
                low += block & mask;
                high += block >>> 32;
            }
            sum += Vector128.Sum(low + high);
            source = source[(blocks.Length * Vector128<byte>.Count)..];
            if (copy) destination = destination[(blocks.Length * Vector128<byte>.Count)..];
        }
        if (copy) source.CopyTo(destination);
        return sum + Tail(source);
    }

    private static ulong Tail(ReadOnlySpan<byte> data)
    {
        ulong sum = 0;
        for (; data.Length >= sizeof(uint); data = data[sizeof(uint)..]) sum += MemoryMarshal.Read<uint>(data);
        if (data.Length >= sizeof(ushort))
        {
            sum += MemoryMarshal.Read<ushort>(data);
            data = data[sizeof(ushort)..];
        }
        if (data.Length != 0) sum += BitConverter.IsLittleEndian ? data[0] : (ulong)data[0] << 8;
        return sum;
    }
}
