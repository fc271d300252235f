using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>Sums octets that lie in several slices, of any length, odd ones included (RFC 1071 2).</summary>
/// <param name="sum">Where to start, such as <see cref="InternetChecksum.PseudoHeader"/>.</param>
public struct ChecksumAccumulator(ulong sum)
{
    private ulong _sum = InternetChecksum.Fold16(sum);
    private bool _odd;

    /// <summary>Takes the next slice.</summary>
    public void Add(ReadOnlySpan<byte> data) => Append(InternetChecksum.Sum(data), data.Length);

    /// <summary>Takes the next slice and copies it to the start of <paramref name="destination"/> on the way.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public void CopyAndAdd(ReadOnlySpan<byte> data, Span<byte> destination) =>
        Append(InternetChecksum.CopyAndSum(data, destination), data.Length);

    /// <summary>The checksum, to be written big-endian. It may be asked for at any time.</summary>
    public readonly ushort Finish() => InternetChecksum.Finish(_sum);

    private void Append(ulong sum, int length)
    {
        // Folded at once, so that no number of slices can overflow. A slice that starts at an odd octet is one with swapped bytes.
        ushort folded = InternetChecksum.Fold16(sum);
        _sum += _odd ? BinaryPrimitives.ReverseEndianness(folded) : folded;
        _odd ^= (length & 1) != 0;
    }
}
