namespace Synfin.Simulation.Faults;

/// <summary>
/// A fault, exactly placed: the segments that <see cref="Match"/> names get <see cref="Verdict"/>. Every rule sees every segment and counts
/// its own matches; of the rules that apply to a segment the one that was added first decides.
/// </summary>
/// <param name="match">Which segments.</param>
/// <param name="verdict">What happens to them.</param>
public sealed class SegmentRule(SegmentMatch match, Verdict verdict) : IFault
{
    /// <summary>Which segments.</summary>
    public SegmentMatch Match { get; } = match ?? throw new ArgumentNullException(nameof(match));

    /// <summary>What happens to them.</summary>
    public Verdict Verdict { get; } = verdict;

    /// <summary>How many segments matched so far, the ordinal apart.</summary>
    public long Matched { get; private set; }

    /// <summary>How many segments the rule applied to: for most rules 1 says that the fault took place.</summary>
    public long Applied { get; private set; }

    /// <summary>Whether <see cref="SimulatedNetwork.Test(Action, TimeSpan?, string)"/> may succeed though it was never applied.</summary>
    public bool Optional { get; set; }

    string IFault.Title => $"the rule '{this}'";

    string IFault.Tally => $"rule '{this}': {Counted.Applied(Applied)}, {Counted.Things(Matched, "segment")} matched";

    /// <summary>
    /// Reads a rule such as <c>second FIN from b</c> or <c>delay first data from a by 3s</c>; see <see cref="RuleGrammar.Help"/>.
    /// </summary>
    /// <exception cref="RuleSyntaxException">The message says what is wrong, where, and what to write.</exception>
    public static SegmentRule Parse(string text) => RuleParser.Parse(text);

    /// <summary>The rule in the grammar of <see cref="RuleGrammar"/>.</summary>
    public override string ToString() => Verdict.Around(Match.ToString());

    string IFault.ExplainAbsence()
    {
        string what = (Match with { Ordinal = 1 }).ToString();
        if (Matched > 0)
        {
            return $"it waits for the {RuleGrammar.FormatOrdinal(Match.Ordinal ?? 1)} of the segments '{what}', and only {Matched} came: "
                + "name an earlier one, or let the exchange go on";
        }
        return $"not one segment was '{what}': compare host, port, kind and octet with the ladder, and add the rule before the segment is "
            + "sent";
    }

    /// <summary>Counts a segment, and says whether the verdict is for it.</summary>
    internal bool Judge(in SegmentInfo segment)
    {
        if (!Match.Matches(segment)) return false;
        Matched++;
        if (Match.Ordinal is { } ordinal && ordinal != Matched) return false;
        Applied++;
        return true;
    }
}
