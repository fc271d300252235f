namespace Synfin.Oracle.Tests.Ends;

/// <summary>What a step led to.</summary>
/// <param name="Replies">The segments that were sent, in this order.</param>
/// <param name="Call">What the call returned, if the step was one that returns something; what was accepted.</param>
/// <param name="State">The state thereafter, as in RFC 9293, and how many octets can be read.</param>
/// <param name="At">Where the segment lay, if the step was one.</param>
internal sealed record Outcome(IReadOnlyList<Reply> Replies, string Call, string State, Place? At)
{
    public override string ToString()
    {
        string replies = Replies.Count == 0 ? "nothing" : string.Join(" | ", Replies);
        return $"{replies}{(Call.Length == 0 ? "" : $" [{Call}]")} {State}";
    }
}
