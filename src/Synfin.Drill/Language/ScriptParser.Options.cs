using System.Globalization;

namespace Synfin.Drill.Language;

/// <summary>TCP options between <c>&lt;</c> and <c>&gt;</c>.</summary>
internal sealed partial class ScriptParser
{
    private const int Md5Kind = 19;
    private const int MultipathKind = 30;
    private const int ExperimentKind = 254;
    private const int LongestContent = 255;
    private const string OptionEnds = ",>";
    private const string KnownOptions =
        "a TCP option (mss, nop, eol, wscale, sackOK, sack, TS, FO, FOEXP, md5, ECN, or a kind's number and its content in hex)";

    private ScriptSegment ReadOptions(ScriptSegment segment)
    {
        if (!_lexer.Take("<")) return segment;
        if (_lexer.Take("..."))
        {
            _lexer.Expect(">", "after '<...'");
            return segment with { AnyOptions = true };
        }

        var options = new List<ScriptOption>();
        while (!_lexer.Take(">"))
        {
            options.Add(ReadOption());
            if (_lexer.Take(",")) continue;
            if (!_lexer.Sees(">")) throw _lexer.Unexpected("',' or '>' after a TCP option");
        }

        return segment with { Options = options };
    }

    private ScriptOption ReadOption()
    {
        int line = _lexer.Line;
        _lexer.SkipBlanks();
        int start = _lexer.Position;
        if (_lexer.TakeInteger(out long kind)) return new ScriptOption.Unknown(CheckKind(line, kind), ReadHex());
        string word = _lexer.TakeWord() ?? throw _lexer.Unexpected(KnownOptions);
        switch (word.ToUpperInvariant())
        {
            case "MSS": return new ScriptOption.MaximumSegmentSize(ReadSmallNumber("the number after 'mss'", 65_535));
            case "NOP": return new ScriptOption.NoOperation();
            case "EOL": return new ScriptOption.EndOfList();
            case "WSCALE": return new ScriptOption.WindowScale(ReadSmallNumber("the shift after 'wscale'", 255));
            case "SACKOK": return new ScriptOption.SackPermitted();
            case "SACK": return ReadSackBlocks();
            case "TS": return ReadTimestamps();
            case "FO" or "TFO": return new ScriptOption.FastOpen(ReadHex(), Experimental: false);
            case "FOEXP": return new ScriptOption.FastOpen(ReadHex(), Experimental: true);
            case "MD5": return new ScriptOption.Unknown(Md5Kind, ReadDigest(line));
            case "ECN" or "ACCECN": return ReadAccurateEcn();
            case "EXP": return new ScriptOption.Unknown(ExperimentKind, ReadExperiment());
            case "UNKNOWN" or "OPT" or "OPTION" or "KIND": return ReadGenericOption(line);
        }

        if (IsMultipath(word)) return ReadMultipath(line, start);
        _lexer.Position = start;
        throw _lexer.Unexpected(KnownOptions);
    }

    private ScriptOption.Sack ReadSackBlocks()
    {
        var blocks = new List<(long Left, long Right)>();
        while (!_lexer.Sees(",") && !_lexer.Sees(">"))
        {
            long left = ReadNumber("a SACK block (left:right)");
            _lexer.Expect(":", "between the edges of a SACK block");
            blocks.Add((left, ReadNumber("the right edge of the SACK block")));
        }

        return new ScriptOption.Sack(blocks);
    }

    /// <summary><c>TS val n ecr n</c>, in any order; <c>*</c> is not compared.</summary>
    private ScriptOption.Timestamps ReadTimestamps()
    {
        uint? value = null, echo = null;
        bool anyValue = false, anyEcho = false;
        while (_lexer.SeeWord() is { } word)
        {
            if (word.ToUpperInvariant() is not ("VAL" or "ECR")) throw _lexer.Unexpected("'val' and 'ecr' of the TS option");
            _lexer.TakeWord();
            bool isAny = _lexer.Take("*");
            uint number = isAny ? 0 : (uint)ReadNumber($"the number after '{word}'");
            if (word is "val" or "VAL") (value, anyValue) = (number, isAny);
            else (echo, anyEcho) = (number, isAny);
        }

        if (value is null) throw _lexer.Unexpected("'val' and a number in the TS option");
        if (echo is null) throw _lexer.Unexpected("'ecr' and a number in the TS option");
        return new ScriptOption.Timestamps(value.Value, echo.Value) { AnyValue = anyValue, AnyEcho = anyEcho };
    }

    /// <summary>
    /// <c>ECN e0b n ceb n e1b n</c>: the counters of draft-ietf-tcpm-accurate-ecn, 24 bits each, as many as are given. Which of ECT(0) and
    /// ECT(1) comes first decides the kind.
    /// </summary>
    private ScriptOption.Unknown ReadAccurateEcn()
    {
        const int Order0 = 172, Order1 = 174;
        var content = new List<byte>();
        int kind = Order0;
        while (_lexer.SeeWord() is { } word)
        {
            if (word is not ("e0b" or "ceb" or "e1b")) throw _lexer.Unexpected("'e0b', 'ceb' or 'e1b' of the ECN option");
            if (word == "e1b" && content.Count == 0) kind = Order1;
            _lexer.TakeWord();
            int counter = ReadSmallNumber($"the counter after '{word}'", 0xFFFFFF);
            content.AddRange([(byte)(counter >> 16), (byte)(counter >> 8), (byte)counter]);
            if (content.Count > 9) throw _lexer.Unexpected("the end of the ECN option, which has three counters");
        }

        return new ScriptOption.Unknown(kind, [.. content]);
    }

    /// <summary>An option of kind 254 after <c>exp</c>, such as <c>exp-f989</c>: its content begins with the experiment's number.</summary>
    private byte[] ReadExperiment()
    {
        if (!_lexer.Take("-")) _lexer.Take(":");
        return ReadHex();
    }

    private ScriptOption.Unknown ReadGenericOption(int line)
    {
        if (!_lexer.Take("-")) _lexer.Take("=");
        return _lexer.TakeInteger(out long kind)
            ? new ScriptOption.Unknown(CheckKind(line, kind), ReadHex())
            : throw _lexer.Unexpected("the option's kind, 0 to 255");
    }

    private int CheckKind(int line, long kind) =>
        kind is >= 0 and <= 255 ? (int)kind : throw _lexer.Error(line, $"an option's kind is 0 to 255, not {kind}");

    /// <summary>A digest in hex; <c>valid</c> and the like name one that nobody here computes.</summary>
    private byte[] ReadDigest(int line)
    {
        if (_lexer.SeeWord() is not { } word || word.All(char.IsAsciiHexDigit)) return ReadHex();
        _lexer.TakeWord();
        Refuse(line, $"a TCP MD5 option that is '{word}'");
        return [];
    }

    /// <summary>Hex digits up to the option's end; blanks, colons and 0x between them are passed.</summary>
    private byte[] ReadHex()
    {
        _lexer.SkipBlanks();
        int line = _lexer.Line;
        var digits = new System.Text.StringBuilder();
        while (_lexer.TakeUntil(OptionEnds) is { Length: > 0 } part)
        {
            bool hasPrefix = part.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
            digits.Append((hasPrefix ? part[2..] : part).Replace(":", "", StringComparison.Ordinal));
            if (digits.Length > 2 * LongestContent) throw _lexer.Error(line, "an option's content is longer than an option can be");
        }

        if (digits.Length % 2 != 0) digits.Insert(0, '0');
        string text = digits.ToString();
        var content = new byte[text.Length / 2];
        for (int i = 0; i < content.Length; i++)
        {
            if (!byte.TryParse(text.AsSpan(2 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out content[i]))
                throw _lexer.Error(line, $"expected the option's content in hex, but '{text}' comes");
        }

        return content;
    }

    private static bool IsMultipath(string word) => word.StartsWith("mp_", StringComparison.Ordinal)
        || word is "dss" or "dack" or "dack4" or "dack8" or "dsn4" or "dsn8" or "add_address" or "add_addr" or "remove_address"
            or "remove_addr" or "rm_addr" or "mptcp";

    /// <summary>An option of Multipath TCP (RFC 8684): passed, and the script is skipped for it.</summary>
    private ScriptOption.Unknown ReadMultipath(int line, int start)
    {
        while (_lexer.TakeUntil(OptionEnds).Length > 0) { }
        Refuse(line, $"the Multipath TCP option '{_lexer.Written(start, _lexer.Position)}'");
        return new ScriptOption.Unknown(MultipathKind, []);
    }
}
