namespace Synfin.Drill.Language;

/// <summary>What stands before a packet in brackets: <c>[ect0]</c>, <c>[tos 0x10, ttl 5]</c>, <c>(ce)</c>.</summary>
internal sealed partial class ScriptParser
{
    private const int LargestFlowLabel = (1 << 20) - 1;
    private const string KnownIpFields = "noecn, ect0, ect1, ect01, ce, tos n, ttl n or flowlabel n";

    private IpFields ReadIpFields(IpFields? before = null)
    {
        IpFields fields = before ?? new IpFields();
        while (_lexer.Sees("[") || _lexer.Sees("("))
        {
            string close = _lexer.Take("[") ? "]" : ")";
            if (close == ")") _lexer.Take("(");
            while (!_lexer.Take(close))
            {
                fields = ReadIpField(fields);
                if (!_lexer.Take(",")) _lexer.Take(";");
            }
        }

        return fields;
    }

    private IpFields ReadIpField(IpFields fields)
    {
        string? word = _lexer.SeeWord();
        if (word is null) throw _lexer.Unexpected($"a field of the IP header ({KnownIpFields})");
        _lexer.Position += word.Length;
        switch (word)
        {
            case "noecn" or "nonect" or "not_ect": return fields with { Ecn = 0 };
            case "ect1": return fields with { Ecn = 1 };
            case "ect0": return fields with { Ecn = 2 };
            case "ce": return fields with { Ecn = 3 };
            case "ect01": return fields with { EitherEct = true };
            case "ecn" or "ip": return fields; // a word that only introduces the next
            case "tos" or "tclass" or "tc" or "traffic_class": return fields with { TrafficClass = ReadIpNumber(word, 255) };
            case "ttl" or "hlim" or "hoplimit" or "hop_limit": return fields with { TimeToLive = ReadIpNumber(word, 255) };
            case "flowlabel" or "flow_label" or "flow" or "label":
                return fields with { FlowLabel = ReadIpNumber(word, LargestFlowLabel) };
            default:
                _lexer.Position -= word.Length;
                throw _lexer.Unexpected($"a field of the IP header ({KnownIpFields})");
        }
    }

    private int ReadIpNumber(string name, int largest)
    {
        if (!_lexer.Take("=")) _lexer.Take(":");
        return ReadSmallNumber($"the number of '{name}'", largest);
    }
}
