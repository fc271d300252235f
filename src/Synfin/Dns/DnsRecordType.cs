namespace Synfin.Dns;

/// <summary>The types of records that the resolver knows (RFC 1035 3.2.2, RFC 3596, RFC 6891).</summary>
internal enum DnsRecordType : ushort
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>A name server.</summary>
    Ns = 2,

    /// <summary>The name is another's alias.</summary>
    Cname = 5,

    /// <summary>The start of a zone: tells for how long it is true that something is not there.</summary>
    Soa = 6,

    /// <summary>An IPv6 address.</summary>
    Aaaa = 28,

    /// <summary>EDNS0: no record, but more header.</summary>
    Opt = 41,
}
