using System.Collections.Generic;
using Synfin.Drill.Language;

namespace Synfin.Drill.Running;

/// <summary>The names of ICMP types and codes in the language, for both families (RFC 792, RFC 1812 5.2.7.1, RFC 4443).</summary>
internal static class IcmpNames
{
    private static readonly Dictionary<string, int> _typesV4 = new()
    {
        ["echo_reply"] = 0,
        ["unreachable"] = 3,
        ["source_quench"] = 4,
        ["redirect"] = 5,
        ["echo_request"] = 8,
        ["time_exceeded"] = 11,
        ["parameter_problem"] = 12,
        ["timestamp_request"] = 13,
        ["timestamp_reply"] = 14,
        ["address_mask_request"] = 17,
        ["address_mask_reply"] = 18,
    };

    private static readonly Dictionary<string, int> _typesV6 = new()
    {
        ["unreachable"] = 1,
        ["packet_too_big"] = 2,
        ["time_exceeded"] = 3,
        ["parameter_problem"] = 4,
        ["echo_request"] = 128,
        ["echo_reply"] = 129,
    };

    private static readonly Dictionary<string, int> _unreachableV4 = new()
    {
        ["net_unreachable"] = 0,
        ["host_unreachable"] = 1,
        ["protocol_unreachable"] = 2,
        ["port_unreachable"] = 3,
        ["frag_needed"] = 4,
        ["source_route_failed"] = 5,
        ["net_unknown"] = 6,
        ["host_unknown"] = 7,
        ["source_host_isolated"] = 8,
        ["net_prohibited"] = 9,
        ["host_prohibited"] = 10,
        ["net_unreachable_for_tos"] = 11,
        ["host_unreachable_for_tos"] = 12,
        ["packet_filtered"] = 13,
        ["comm_prohibited"] = 13,
        ["host_precedence_violation"] = 14,
        ["precedence_violation"] = 14,
        ["precedence_cutoff"] = 15,
    };

    private static readonly Dictionary<string, int> _unreachableV6 = new()
    {
        ["no_route"] = 0,
        ["admin_prohibited"] = 1,
        ["beyond_scope"] = 2,
        ["not_neighbour"] = 2,
        ["address_unreachable"] = 3,
        ["addr_unreachable"] = 3,
        ["port_unreachable"] = 4,
        ["policy_fail"] = 5,
        ["reject_route"] = 6,
    };

    private static readonly Dictionary<string, int> _timeExceeded = new()
    {
        ["exceeded_in_transit"] = 0,
        ["exceeded_in_reassembly"] = 1,
        ["ttl_exceeded"] = 0,
        ["reassembly_exceeded"] = 1,
        ["ttl"] = 0,
        ["frag_time"] = 1,
        ["hop_limit_exceeded"] = 0,
        ["exceeded_hop_limit"] = 0,
    };

    private static readonly Dictionary<string, int> _parameterProblemV6 = new()
    {
        ["header_field"] = 0,
        ["unknown_next_header"] = 1,
        ["unknown_nexthdr"] = 1,
        ["unknown_option"] = 2,
        ["hdr_field"] = 0,
        ["unk_nexthdr"] = 1,
        ["unk_option"] = 2,
    };

    /// <summary>Finds type and code of a line in one family.</summary>
    /// <returns>False if the family has no such message.</returns>
    public static bool TryFind(ScriptIcmp line, bool v6, out byte type, out byte code)
    {
        code = 0;
        if (!TryNumber(v6 ? _typesV6 : _typesV4, line.Type, out type)) return false;
        if (line.Code.Length == 0) return true;
        Dictionary<string, int>? codes = (v6, type) switch
        {
            (false, 3) => _unreachableV4,
            (false, 11) or (true, 3) => _timeExceeded,
            (true, 1) => _unreachableV6,
            (true, 4) => _parameterProblemV6,
            _ => null,
        };
        return TryNumber(codes, line.Code, out code);
    }

    private static bool TryNumber(Dictionary<string, int>? names, string name, out byte number)
    {
        if (byte.TryParse(name, out number)) return true; // both may be given as numbers
        if (names is null || !names.TryGetValue(name, out int value)) return false;
        number = (byte)value;
        return true;
    }
}
