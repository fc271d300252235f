namespace Synfin.Dns;

/// <summary>A resource record (RFC 1035 4.1.3), but for its owner's name and its data, which stay where they are.</summary>
/// <param name="OwnerLength">The octets of the owner's name.</param>
/// <param name="Type">The type.</param>
/// <param name="Class">The class; of OPT something else.</param>
/// <param name="RawTtl">The time to live as it stands; of OPT something else.</param>
/// <param name="DataOffset">Where the data begins.</param>
/// <param name="DataLength">Its length.</param>
internal readonly record struct DnsRecord(
    int OwnerLength, DnsRecordType Type, ushort Class, uint RawTtl, int DataOffset, int DataLength)
{
    /// <summary>The time to live in seconds; a negative one counts as 0 (RFC 2181 8).</summary>
    public uint Ttl => RawTtl > int.MaxValue ? 0 : RawTtl;
}
