using System.Text;
using Synfin.Wire;

namespace Synfin.Oracle.Tests.Scripts;

/// <summary>
/// One event of a script. As text it is a call (<c>connect</c>, <c>send 100</c>, <c>receive 50</c>, <c>shutdown</c>, <c>close</c>,
/// <c>abort</c>, <c>nodelay</c>) or a segment of the peer: <c>&gt;</c>, flags (<c>F S R P . U E W</c>, <c>-</c> for none),
/// <c>seq rcv+0</c>, <c>ack snd-1</c>, <c>win n</c>, <c>len n</c>, <c>urg n</c> and the options
/// <c>mss n</c>, <c>ws n</c>, <c>sackOK</c>, <c>ts n</c> (n is added to the peer's clock), <c>sack a:b</c> (from the host's SND.NXT).
/// </summary>
internal sealed record Step
{
    private const string Letters = "FSRP.UEW";

    public static readonly Step Connect = new() { Kind = StepKind.Connect };

    public StepKind Kind { get; init; }

    public int Amount { get; init; }

    public TcpFlags Flags { get; init; }

    public Origin SeqFrom { get; init; } = Origin.Rcv;

    public int Seq { get; init; }

    public Origin AckFrom { get; init; } = Origin.Snd;

    public int Ack { get; init; }

    public int Window { get; init; } = ushort.MaxValue;

    public int Length { get; init; }

    public int Urgent { get; init; }

    public int? Mss { get; init; }

    public int? Scale { get; init; }

    public bool SackPermitted { get; init; }

    public int? Timestamp { get; init; }

    public (int Left, int Right)? Sack { get; init; }

    public bool Has(TcpFlags flag) => (Flags & flag) != 0;

    public static Step Segment(string flags) => new() { Flags = ParseFlags(flags) };

    public static TcpFlags ParseFlags(string word)
    {
        var flags = TcpFlags.None;
        foreach (char letter in word)
        {
            if (letter == '-') continue;
            int bit = Letters.IndexOf(letter, StringComparison.Ordinal);
            if (bit < 0) throw new FormatException($"unknown flag '{letter}' in \"{word}\"");
            flags |= (TcpFlags)(1 << bit);
        }
        return flags;
    }

    public static string FlagWord(TcpFlags flags)
    {
        string word = "";
        for (int i = 0; i < Letters.Length; i++)
        {
            if (((int)flags & 1 << i) != 0) word += Letters[i];
        }
        return word.Length == 0 ? "-" : word;
    }

    public override string ToString()
    {
        if (Kind is StepKind.Send or StepKind.Receive) return FormattableString.Invariant($"{Kind.ToString().ToLowerInvariant()} {Amount}");
        if (Kind is not StepKind.Segment) return Kind.ToString().ToLowerInvariant();
        var text = new StringBuilder("> ").Append(FlagWord(Flags));
        text.Append(" seq ").Append(Place(SeqFrom, Seq));
        if (Has(TcpFlags.Ack)) text.Append(" ack ").Append(Place(AckFrom, Ack));
        Append(text, "win", Window == ushort.MaxValue ? null : Window);
        Append(text, "len", Length == 0 ? null : Length);
        Append(text, "urg", Urgent == 0 ? null : Urgent);
        Append(text, "mss", Mss);
        Append(text, "ws", Scale);
        if (SackPermitted) text.Append(" sackOK");
        Append(text, "ts", Timestamp);
        if (Sack is { } sack) text.Append(FormattableString.Invariant($" sack {sack.Left}:{sack.Right}"));
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, int? value)
    {
        if (value is { } number) text.Append(FormattableString.Invariant($" {name} {number}"));
    }

    private static string Place(Origin from, int offset) =>
        FormattableString.Invariant($"{from.ToString().ToLowerInvariant()}{(offset < 0 ? "" : "+")}{offset}");
}
