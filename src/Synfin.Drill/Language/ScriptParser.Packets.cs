namespace Synfin.Drill.Language;

/// <summary>Packets: what stands before them, and the TCP header's fields.</summary>
internal sealed partial class ScriptParser
{
    private const int MaxPort = 65_535;

    /// <summary><c>[ip] ports flags seq:end(length) ack n win n urg n &lt;options&gt;</c>, or ICMP or UDP.</summary>
    private void ReadPacket(int line, EventTime time, bool isInbound)
    {
        int start = _lexer.Position - 1;
        IpFields ip = ReadIpFields();
        (int Source, int Destination)? ports = ReadPorts();
        ip = ReadIpFields(ip);
        string? word = _lexer.SeeWord();
        if (word is "sctp" or "ipv4" or "ipv6" or "gre" or "mpls" or "dccp")
        {
            Refuse(line, $"a packet with {word}");
            SkipPacket();
            return;
        }

        ScriptPacket packet = word switch
        {
            "icmp" or "icmpv4" or "icmp4" or "icmpv6" or "icmp6" => ReadIcmp(line),
            "udp" => ReadDatagram(),
            _ => ReadSegment(),
        };
        packet = packet with { Ip = ip, Text = _lexer.Written(start, _lexer.Position) };
        if (ports is { } written) packet = WithPorts(packet, written.Source, written.Destination);
        _events.Add(new PacketEvent(line, time, isInbound, packet));
    }

    private static ScriptPacket WithPorts(ScriptPacket packet, int source, int destination) => packet switch
    {
        ScriptSegment segment => segment with { SourcePort = source, DestinationPort = destination },
        ScriptDatagram datagram => datagram with { SourcePort = source, DestinationPort = destination },
        _ => packet,
    };

    /// <summary>Passes a packet that is not run: up to a line that begins with a time, brackets apart.</summary>
    private void SkipPacket()
    {
        int depth = 0;
        bool lineBegins = false;
        for (; !IsAtTextEnd(); _lexer.Position++)
        {
            char c = _lexer.Current;
            bool beginsTime = c is '+' or '*' or '`' || char.IsAsciiDigit(c == '.' ? _lexer.Ahead(1) : c);
            if (depth == 0 && lineBegins && beginsTime) return;
            if (c is '[' or '(' or '{') depth++;
            if (c is ']' or ')' or '}') depth--;
            if (c == '\n') lineBegins = true;
            else if (!char.IsWhiteSpace(c)) lineBegins = false;
        }
    }

    private bool IsAtTextEnd() => _lexer.Current == '\0' && _lexer.AtEnd();

    /// <summary><c>8081&gt;8080</c>, or nothing; digits may be ACE as well.</summary>
    private (int Source, int Destination)? ReadPorts()
    {
        _lexer.SkipBlanks();
        int start = _lexer.Position;
        if (!char.IsAsciiDigit(_lexer.Current)) return null;
        if (_lexer.TakeInteger(out long source) && _lexer.Take(">"))
        {
            if (!_lexer.TakeInteger(out long destination)) throw _lexer.Unexpected("the destination's port after '>'");
            if (source is < 0 or > MaxPort || destination is < 0 or > MaxPort)
                throw _lexer.Error(_lexer.LineAt(start), $"a port is at most {MaxPort}");
            return ((int)source, (int)destination);
        }

        _lexer.Position = start;
        return null;
    }

    private ScriptSegment ReadSegment()
    {
        (int flags, int? ace) = ReadFlags();
        (long seq, int length) = ReadSequence();
        var segment = new ScriptSegment { Text = "", Flags = flags, Ace = ace, Seq = seq, Length = length };
        while (_lexer.SeeWord() is { } word)
        {
            if (word is not ("ack" or "win" or "urg")) throw _lexer.Unexpected("'ack', 'win', 'urg', options (<...>) or the next event");
            _lexer.Position += word.Length;
            bool isAny = _lexer.Take("*");
            segment = word switch
            {
                _ when isAny => segment,
                "ack" => segment with { Ack = ReadNumber("the number after 'ack'") },
                "win" => segment with { Window = ReadSmallNumber("the window after 'win'", 65_535) },
                _ => segment with { Urgent = ReadSmallNumber("the pointer after 'urg'", 65_535) },
            };
        }

        return ReadOptions(segment);
    }

    /// <summary><c>SFRP.UEWA</c> in any set, digits for ACE, <c>-</c> for none; the dot may stand apart.</summary>
    private (int Flags, int? Ace) ReadFlags()
    {
        _lexer.SkipBlanks();
        int line = _lexer.Line;
        string text = _lexer.TakeUntil("");
        if (text.Length == 0) throw _lexer.Unexpected("a packet's flags (such as S, S., P. or -)");
        int flags = 0;
        int? ace = null;
        foreach (char c in text)
        {
            if (c is >= '0' and <= '7') ace = c - '0';
            else if (FlagOf(c) is { } bit) flags |= bit;
            else
            {
                string known = "flags are S F R P . U E W A, 0 to 7, or - for none, and a blank follows";
                throw _lexer.Error(line, $"expected a packet's flags, but '{text}' comes: {known}");
            }
        }

        _lexer.SkipBlanksOfLine();
        if (_lexer.Current == '.' && char.IsWhiteSpace(_lexer.Ahead(1)))
        {
            _lexer.Position++;
            flags |= FlagOf('.')!.Value;
        }

        return (flags, ace);
    }

    private static int? FlagOf(char c) => c switch
    {
        'F' => 1,
        'S' => 2,
        'R' => 4,
        'P' => 8,
        '.' => 16,
        'U' => 32,
        'E' => 64,
        'W' => 128,
        'A' => 256,
        '-' => 0,
        _ => null,
    };

    /// <summary><c>seq:end(length)</c>, or <c>seq(length)</c>.</summary>
    private (long Seq, int Length) ReadSequence()
    {
        long seq = ReadNumber("the sequence number (such as 1:1001(1000))");
        int line = _lexer.Line;
        long? end = _lexer.Take(":") ? ReadNumber("the number after the last octet") : null;
        _lexer.Expect("(", "and the length after the sequence numbers");
        int length = ReadSmallNumber("the length in parentheses", int.MaxValue);
        _lexer.Expect(")", "after the length");
        if (end is { } right && (uint)(right - seq) != (uint)length)
            throw _lexer.Error(line, $"{seq}:{right} are {right - seq} octets, but the length is given as ({length})");
        return (seq, length);
    }

    /// <summary>A number with sign, a name (MSS), or a sum, difference or product without blanks.</summary>
    private long ReadNumber(string what)
    {
        long value = ReadProduct(what);
        while (SeesOperator('+') || SeesOperator('-'))
        {
            bool isSum = _lexer.Current == '+';
            _lexer.Position++;
            value = isSum ? value + ReadProduct(what) : value - ReadProduct(what);
        }

        return value;
    }

    private long ReadProduct(string what)
    {
        long value = ReadTerm(what);
        while (SeesOperator('*'))
        {
            _lexer.Position++;
            value *= ReadTerm(what);
        }

        return value;
    }

    private bool SeesOperator(char op) => _lexer.Current == op && ScriptLexer.IsWordPart(_lexer.Ahead(1));

    private long ReadTerm(string what)
    {
        bool isNegative = _lexer.Take("-");
        if (!_lexer.TakeInteger(out long value))
        {
            if (_options.Mss is not { } mss || _lexer.SeeWord() != "MSS") throw _lexer.Unexpected(what);
            _lexer.TakeWord();
            value = mss;
        }

        return isNegative ? -value : value;
    }

    private int ReadSmallNumber(string what, int largest)
    {
        _lexer.SkipBlanks();
        int line = _lexer.Line;
        long value = ReadNumber(what);
        return value >= 0 && value <= largest ? (int)value : throw _lexer.Error(line, $"{what} is {value}; it is 0 to {largest}");
    }
}
