namespace Synfin.Drill.Language;

/// <summary>ICMP messages and UDP datagrams.</summary>
internal sealed partial class ScriptParser
{
    private const int LongestDatagram = 65_535;

    /// <summary><c>icmp type code mtu n [seq:end(length)]</c>; all but the type may be absent.</summary>
    private ScriptIcmp ReadIcmp(int line)
    {
        _lexer.TakeWord();
        string type = ReadIcmpName() ?? throw _lexer.Unexpected("the ICMP message's type (such as unreachable)");
        string code = ReadIcmpName() ?? "";
        var message = new ScriptIcmp { Text = "", Type = type, Code = code };
        while (_lexer.SeeWord() is { } word)
        {
            _lexer.TakeWord();
            long value = ReadNumber($"the number after '{word}'");
            if (word == "mtu" && value is >= 0 and <= int.MaxValue) message = message with { Mtu = (int)value };
            else Refuse(line, $"an ICMP message with {word} {value}");
        }

        return _lexer.Take("[") ? ReadQuotation(message) : message;
    }

    /// <summary>A name, or the number on the same line in its place.</summary>
    private string? ReadIcmpName()
    {
        _lexer.SkipBlanksOfLine();
        if (char.IsAsciiDigit(_lexer.Current)) return _lexer.TakeUntil("[");
        return _lexer.SeeWord() is "mtu" or "id" or "seq" or "pointer" ? null : _lexer.TakeWord();
    }

    private ScriptIcmp ReadQuotation(ScriptIcmp message)
    {
        if (_lexer.Take("]")) return message;
        if (_lexer.SeeWord() == "udp")
        {
            int octets = ReadDatagram().Length;
            _lexer.Expect("]", "after the quoted datagram");
            return message with { QuotedLength = octets, QuotesDatagram = true };
        }

        (long seq, int length) = ReadSequence();
        _lexer.Expect("]", "after the quoted segment's numbers");
        return message with { QuotedSeq = seq, QuotedLength = length };
    }

    /// <summary><c>udp (length)</c>, ports between if any.</summary>
    private ScriptDatagram ReadDatagram()
    {
        _lexer.TakeWord();
        (int Source, int Destination)? ports = ReadPorts();
        _lexer.Expect("(", "and the datagram's length after 'udp'");
        int length = ReadSmallNumber("the datagram's length", LongestDatagram);
        _lexer.Expect(")", "after the datagram's length");
        return new ScriptDatagram { Text = "", SourcePort = ports?.Source, DestinationPort = ports?.Destination, Length = length };
    }
}
