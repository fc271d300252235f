namespace Synfin.Drill.Language;

/// <summary>In which family a script runs.</summary>
internal enum IpVersion
{
    Ipv4,
    Ipv6,

    /// <summary>An IPv6 socket that speaks IPv4 (RFC 4291 2.5.5.2).</summary>
    Ipv4MappedIpv6,
}
