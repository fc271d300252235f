using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Synfin.Oracle.Tests.Ends;
using Synfin.Oracle.Tests.Scripts;
using Synfin.Wire;

namespace Synfin.Oracle.Tests.Comparing;

/// <summary>Where a script's two tellings part.</summary>
internal sealed partial record Difference(
    Script Script,
    Settings Settings,
    int Index,
    IReadOnlyList<Outcome> Kernel,
    IReadOnlyList<Outcome> Synfin)
{
    public Step Step => Script.Steps[Index];

    public Outcome OfKernel => Kernel[Index];

    public Outcome OfSynfin => Synfin[Index];

    /// <summary>The kernel's state before the step.</summary>
    public string Before => StateBefore(Index);

    /// <summary>Whether there is text to read before the step.</summary>
    public bool Unread => Index > 0 && Kernel[Index - 1].State.Contains(' ', StringComparison.Ordinal);

    /// <summary>The kernel's state before a step.</summary>
    public string StateBefore(int index) => index == 0 ? Script.Listens ? "LISTEN" : "CLOSED" : BaseOf(Kernel[index - 1].State);

    /// <summary>The kernel's state after the step, without what can be read.</summary>
    public string KernelNow => BaseOf(OfKernel.State);

    /// <summary>Synfin's state after the step, without what can be read.</summary>
    public string SynfinNow => BaseOf(OfSynfin.State);

    /// <summary>A state without what can be read.</summary>
    public static string BaseOf(string state) => state.Split(' ')[0];

    /// <summary>Whether both are in the same state and their calls returned the same, so that only the replies differ.</summary>
    public bool SameState => OfKernel.State == OfSynfin.State;

    /// <summary>The words of the only reply of each, if each has one.</summary>
    public (string Kernel, string Synfin)? Only =>
        OfKernel.Replies is [{ } kernel] && OfSynfin.Replies is [{ } synfin] ? (kernel.Words, synfin.Words) : null;

    /// <summary>Whether the handshake agreed on timestamps.</summary>
    public bool UsesTimestamps =>
        Kernel.Take(Index).Any(outcome => outcome.Replies.Any(reply => reply is { IsSyn: true } && HasTimestamps(reply)))
        && Script.Steps.Take(Index).Any(step => step.Has(TcpFlags.Syn) && step.Timestamp is not null);

    /// <summary>The SACK blocks of a reply.</summary>
    public static List<(int Left, int Right)> Blocks(string words)
    {
        var blocks = new List<(int, int)>();
        foreach (Match block in SackBlocks().Matches(words)) blocks.Add((Number(block.Groups[1]), Number(block.Groups[2])));
        return blocks;
    }

    /// <summary>A reply but for its SACK blocks.</summary>
    public static string WithoutSack(string words) => SackBlocks().Replace(words, "");

    /// <summary>Whether the step is a segment with one of some flags, or with any, and without others.</summary>
    public bool IsSegment(TcpFlags flags, TcpFlags without = TcpFlags.None) =>
        Step.Kind is StepKind.Segment && (flags is TcpFlags.None || Step.Has(flags)) && !Step.Has(without);

    /// <summary>The first line tells what is different, the others are the time line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(FormattableString.Invariant($"{Script.Name} ({Settings}): at step {Index + 1}, in {Before}"));
        if (Script.Listens) text.AppendLine("    listen");
        for (int i = 0; i <= Index; i++)
        {
            text.AppendLine(FormattableString.Invariant($"    {Script.Steps[i]}"));
            if (i < Index && Comparison.Same(Kernel[i], Synfin[i]))
            {
                text.AppendLine(FormattableString.Invariant($"        both    {Kernel[i]}"));
                continue;
            }
            text.AppendLine(FormattableString.Invariant($"        kernel  {Kernel[i]}"));
            text.AppendLine(FormattableString.Invariant($"        synfin  {Synfin[i]}"));
        }
        return text.ToString();
    }

    private static bool HasTimestamps(Reply reply) => reply.Words.Contains(" ts ", StringComparison.Ordinal);

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(" sack (-?[0-9]+):(-?[0-9]+)")]
    private static partial Regex SackBlocks();
}
