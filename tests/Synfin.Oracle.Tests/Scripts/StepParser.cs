using System.Globalization;

namespace Synfin.Oracle.Tests.Scripts;

/// <summary>Reads a step as <see cref="Step.ToString"/> writes it.</summary>
internal static class StepParser
{
    public static Step Parse(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words[0] != ">")
        {
            StepKind kind = Enum.Parse<StepKind>(words[0], ignoreCase: true);
            return new Step { Kind = kind, Amount = words.Length > 1 ? Number(words[1]) : 0 };
        }
        Step step = Step.Segment(words[1]);
        for (int i = 2; i < words.Length; i++)
        {
            if (words[i] == "sackOK") step = step with { SackPermitted = true };
            else if (i + 1 < words.Length) step = With(step, words[i], words[++i]);
            else throw new FormatException($"\"{words[i]}\" has no value in \"{text}\"");
        }
        return step;
    }

    private static Step With(Step step, string field, string value)
    {
        switch (field)
        {
            case "seq":
                (Origin seqFrom, int seq) = Place(value);
                return step with { SeqFrom = seqFrom, Seq = seq };
            case "ack":
                (Origin ackFrom, int ack) = Place(value);
                return step with { AckFrom = ackFrom, Ack = ack };
            case "win": return step with { Window = Number(value) };
            case "len": return step with { Length = Number(value) };
            case "urg": return step with { Urgent = Number(value) };
            case "mss": return step with { Mss = Number(value) };
            case "ws": return step with { Scale = Number(value) };
            case "ts": return step with { Timestamp = Number(value) };
            case "sack":
                string[] edges = value.Split(':');
                return step with { Sack = (Number(edges[0]), Number(edges[1])) };
            default: throw new FormatException($"unknown field \"{field}\"");
        }
    }

    private static (Origin From, int Offset) Place(string word)
    {
        int sign = word.IndexOfAny(['+', '-']);
        if (sign < 0) throw new FormatException($"\"{word}\" is no place: write, say, rcv+0");
        return (Enum.Parse<Origin>(word[..sign], ignoreCase: true), Number(word[sign..]));
    }

    private static int Number(string word) => int.Parse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
