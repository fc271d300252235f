namespace Synfin.Captures.Ladders;

/// <summary>The ICMP messages that meet TCP, in words (RFC 792, RFC 4443).</summary>
internal static class IcmpNames
{
    public static string Of(bool version6, byte type, byte code) => version6 ? Version6(type, code) : Version4(type, code);

    private static string Version4(byte type, byte code) => (type, code) switch
    {
        (0, _) => "ICMP echo reply",
        (3, 0) => "ICMP network unreachable",
        (3, 1) => "ICMP host unreachable",
        (3, 2) => "ICMP protocol unreachable",
        (3, 3) => "ICMP port unreachable",
        (3, 4) => "ICMP fragmentation needed",
        (3, 9 or 10 or 13) => "ICMP prohibited",
        (3, _) => $"ICMP unreachable (code {code})",
        (4, _) => "ICMP source quench",
        (5, _) => "ICMP redirect",
        (8, _) => "ICMP echo",
        (11, 0) => "ICMP time exceeded",
        (11, _) => "ICMP reassembly time exceeded",
        (12, _) => "ICMP parameter problem",
        _ => $"ICMP type {type}, code {code}",
    };

    private static string Version6(byte type, byte code) => (type, code) switch
    {
        (1, 0) => "ICMPv6 no route",
        (1, 1) => "ICMPv6 prohibited",
        (1, 3) => "ICMPv6 address unreachable",
        (1, 4) => "ICMPv6 port unreachable",
        (1, _) => $"ICMPv6 unreachable (code {code})",
        (2, _) => "ICMPv6 packet too big",
        (3, 0) => "ICMPv6 hop limit exceeded",
        (3, _) => "ICMPv6 reassembly time exceeded",
        (4, _) => "ICMPv6 parameter problem",
        (128, _) => "ICMPv6 echo",
        (129, _) => "ICMPv6 echo reply",
        _ => $"ICMPv6 type {type}, code {code}",
    };
}
