using System.Buffers.Binary;

namespace Synfin.Dns;

/// <summary>Writes queries (RFC 1035 4.1, RFC 6891 6.1).</summary>
internal static class DnsQueryWriter
{
    /// <summary>The most octets of a query.</summary>
    public const int MaxLength = DnsReader.HeaderLength + DnsName.MaxOctets + 4 + OptLength;

    /// <summary>
    /// The largest UDP answer that is asked for (EDNS0): it fits the least MTU of IPv6, so that no answer is fragmented, which would let
    /// others slip a part of theirs in (DNS flag day 2020).
    /// </summary>
    public const ushort UdpPayload = 1_232;

    private const int OptLength = 11;
    private const ushort RecursionDesired = 0x0100;

    /// <summary>Writes a query; returns its length.</summary>
    /// <param name="destination">At least <see cref="MaxLength"/>.</param>
    /// <param name="id">Its transaction id.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="edns">Whether it says how much is taken.</param>
    public static int Write(Span<byte> destination, ushort id, in DnsQuestion question, bool edns)
    {
        destination[..DnsReader.HeaderLength].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(destination, id);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], RecursionDesired);
        destination[5] = 1; // one question
        int at = DnsReader.HeaderLength;
        question.Name.Octets.CopyTo(destination[at..]);
        at += question.Name.Octets.Length;
        BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)question.Type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[(at + 2)..], DnsReader.ClassIn);
        at += 4;
        if (!edns) return at;
        destination[11] = 1; // one additional record
        destination.Slice(at, OptLength).Clear(); // the root's name, version 0, no flags, no options
        BinaryPrimitives.WriteUInt16BigEndian(destination[(at + 1)..], (ushort)DnsRecordType.Opt);
        BinaryPrimitives.WriteUInt16BigEndian(destination[(at + 3)..], UdpPayload);
        return at + OptLength;
    }
}
