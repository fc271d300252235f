using Synfin.Timers;

namespace Synfin.Simulation.Faults;

/// <summary>Reads rules, one word after the other; see <see cref="RuleGrammar"/>.</summary>
internal ref struct RuleParser
{
    private const string WhatWords = "write SYN, SYN-ACK, ACK, handshake ACK, ACK of FIN, FIN, RST, data, urgent, ICMP, segment or byte N";

    private static readonly string[] s_words =
    [
        "lose", "drop", "pass", "delay", "duplicate", "corrupt", "first", "second", "third", "every", "original", "retransmitted",
        "SYN", "SYN-ACK", "ACK", "handshake", "FIN", "RST", "data", "urgent", "ICMP", "segment", "byte",
        "from", "to", "port", "with", "times", "by",
    ];

    private readonly RuleWords _words;

    private RuleParser(string text) => _words = new RuleWords(text);

    public static SegmentRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new RuleParser(text).Rule();
    }

    private readonly SegmentRule Rule()
    {
        if (_words.IsAtEnd) throw _words.Error("there is nothing in it", "write for example 'FIN from b'");
        VerdictKind kind = VerdictWord();
        _words.Take("the");
        SegmentMatch match = Which(new SegmentMatch());
        match = What(Age(match));
        while (Where(ref match))
        {
        }
        Verdict verdict = Tail(kind);
        if (!_words.IsAtEnd)
        {
            throw Unknown("is not expected here", "what may follow is 'from HOST', 'to HOST', 'port N', 'with byte N' or 'by TIME'");
        }
        return new SegmentRule(match, verdict);
    }

    private readonly VerdictKind VerdictWord()
    {
        if (_words.Take("pass")) return VerdictKind.Pass;
        if (_words.Take("delay")) return VerdictKind.Delay;
        if (_words.Take("duplicate")) return VerdictKind.Duplicate;
        if (_words.Take("corrupt")) return VerdictKind.Corrupt;
        if (!_words.Take("lose")) _words.Take("drop");
        return VerdictKind.Drop;
    }

    private readonly SegmentMatch Which(SegmentMatch match)
    {
        if (_words.Take("every") || _words.Take("all")) return match with { Ordinal = null };
        if (!RuleGrammar.TryParseOrdinal(_words.Current, out int ordinal)) return match;
        _words.Skip();
        return match with { Ordinal = ordinal };
    }

    private readonly SegmentMatch Age(SegmentMatch match)
    {
        if (_words.Take("original")) return match with { Age = SegmentAge.Original };
        if (_words.Take("retransmitted")) return match with { Age = SegmentAge.Retransmitted };
        return match;
    }

    private readonly SegmentMatch What(SegmentMatch match)
    {
        if (_words.Take("SYN-ACK") || _words.Take("SYN,ACK") || _words.Take("SYNACK")) return match with { Kind = SegmentKind.SynAck };
        if (_words.Take("SYN")) return match with { Kind = SegmentKind.Syn };
        if (_words.Take("FIN")) return match with { Kind = SegmentKind.Fin };
        if (_words.Take("RST") || _words.Take("reset")) return match with { Kind = SegmentKind.Rst };
        if (_words.Take("data")) return match with { Kind = SegmentKind.Data };
        if (_words.Take("urgent") || _words.Take("URG")) return match with { Kind = SegmentKind.Urgent };
        if (_words.Take("ICMP")) return match with { Kind = SegmentKind.Icmp };
        if (_words.Take("handshake"))
        {
            _words.Expect("ACK", "write 'handshake ACK'");
            return match with { Kind = SegmentKind.HandshakeAck };
        }
        bool isLast = _words.Take("last");
        if (isLast || _words.Take("pure"))
        {
            _words.Expect("ACK", isLast ? "write 'last ACK of handshake', or 'ACK of FIN'" : "write 'ACK'");
            return AckOf(match, isLast);
        }
        if (_words.Take("ACK")) return AckOf(match, isLast: false);
        if (_words.Take("segment") || _words.Take("segments")) return SegmentNumber(match);
        if (_words.Take("byte")) return match with { CarriesByte = Number("a stream offset, such as 'byte 10000'") };
        throw Unknown("is no kind of segment", WhatWords);
    }

    private readonly SegmentMatch AckOf(SegmentMatch match, bool isLast)
    {
        if (!_words.Take("of"))
        {
            if (isLast) throw _words.Error("the last ACK of what?", "write 'last ACK of handshake', or 'ACK of FIN'");
            return match with { Kind = SegmentKind.Ack };
        }
        _words.Take("the");
        if (!isLast && _words.Take("FIN")) return match with { Kind = SegmentKind.AckOfFin };
        if (_words.Take("handshake") || _words.Take("SYN-ACK")) return match with { Kind = SegmentKind.HandshakeAck };
        throw Unknown("cannot be named by its ACK", "write 'ACK of FIN', or 'ACK of SYN-ACK'");
    }

    private readonly SegmentMatch SegmentNumber(SegmentMatch match)
    {
        if (_words.IsAtEnd || !char.IsAsciiDigit(_words.Current[0])) return match;
        int position = _words.Position;
        long number = Number("a number");
        if (number is >= 1 and <= int.MaxValue) return match with { Ordinal = (int)number };
        throw _words.ErrorAt(position, "there is no such segment", "segments are counted from 1");
    }

    private readonly bool Where(ref SegmentMatch match)
    {
        if (_words.Take("from")) match = match with { From = _words.TakeAny("a host", "write 'from' and the name of a host") };
        else if (_words.Take("to")) match = match with { To = _words.TakeAny("a host", "write 'to' and the name of a host") };
        else if (_words.Take("port")) match = match with { Port = Port() };
        else if (_words.Take("with"))
        {
            _words.Expect("byte", "write 'with byte' and a stream offset");
            match = match with { CarriesByte = Number("a stream offset, such as 'with byte 10000'") };
        }
        else return false;
        return true;
    }

    private readonly ushort Port()
    {
        int position = _words.Position;
        long port = Number("a port, such as 'port 80'");
        if (port is >= 1 and <= ushort.MaxValue) return (ushort)port;
        throw _words.ErrorAt(position, "there is no such port", "ports go from 1 to 65535");
    }

    private readonly Verdict Tail(VerdictKind kind)
    {
        int copies = kind == VerdictKind.Duplicate ? Copies() : 0;
        Duration time = Duration.Zero;
        if (_words.IsAt("by"))
        {
            if (kind is not (VerdictKind.Delay or VerdictKind.Duplicate))
            {
                throw _words.Error("a time only goes with delay and duplicate", "begin the rule with 'delay' or leave 'by' away");
            }
            _words.Skip();
            time = Time();
        }
        else if (kind == VerdictKind.Delay && _words.IsAtEnd)
        {
            throw _words.Error("by how much?", "end the rule with 'by' and a time, such as 'by 3s'");
        }
        return kind switch
        {
            VerdictKind.Pass => Verdict.Pass,
            VerdictKind.Drop => Verdict.Drop,
            VerdictKind.Corrupt => Verdict.Corrupt,
            VerdictKind.Delay => Verdict.DeliverAfter(time),
            VerdictKind.Duplicate => Verdict.Duplicate(copies, time),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private readonly int Copies()
    {
        if (_words.Take("once")) return 1;
        if (_words.Take("twice")) return 2;
        if (_words.IsAtEnd || !char.IsAsciiDigit(_words.Current[0])) return 1;
        int position = _words.Position;
        long copies = Number("a number");
        _words.Expect("times", "write 'duplicate RULE 2 times'");
        if (copies is >= 1 and <= 1000) return (int)copies;
        throw _words.ErrorAt(position, "so many copies cannot be", "write 1 to 1000 times");
    }

    private readonly Duration Time()
    {
        int position = _words.Position;
        string text = _words.TakeAny("a time", "write a time such as 3s, 200ms or 50us");
        bool isBareNumber = char.IsAsciiDigit(text[^1]);
        if (isBareNumber && !_words.IsAtEnd) text += _words.TakeAny("a unit", "write ns, us, ms, s or min");
        if (RuleGrammar.TryParseDuration(text, out Duration duration)) return duration;
        throw _words.ErrorAt(position, $"'{text}' is no time", "write a time such as 3s, 200ms or 50us");
    }

    private readonly long Number(string expected)
    {
        int position = _words.Position;
        string word = _words.TakeAny(expected, $"write {expected}");
        if (RuleGrammar.TryParseNumber(word, out long number)) return number;
        throw _words.ErrorAt(position, $"'{word}' is no number", $"write {expected}");
    }

    private readonly RuleSyntaxException Unknown(string problem, string advice)
    {
        if (_words.IsAtEnd) return _words.Error("it ends too early", advice);
        string word = _words.Current;
        string? meant = Spelling.Nearest(word, s_words);
        return _words.Error($"'{word}' {problem}", meant is null ? advice : $"did you mean '{meant}'? Or {advice}");
    }
}
