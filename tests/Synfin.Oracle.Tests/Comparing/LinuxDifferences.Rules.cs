using System.Globalization;
using System.Text.RegularExpressions;
using Synfin.Oracle.Tests.Ends;
using Synfin.Oracle.Tests.Scripts;
using Synfin.Wire;

namespace Synfin.Oracle.Tests.Comparing;

/// <summary>What each of them is.</summary>
internal static partial class LinuxDifferences
{
    private static bool OptionsOfCrossingSyn(Difference d) =>
        d.Before == "SYN-SENT" && d.OfKernel.State == "SYN-RECEIVED" && d.IsSegment(TcpFlags.Syn, without: TcpFlags.Ack)
        && d.Only is ({ } kernel, { } synfin) && kernel.StartsWith("S. seq 0 ", StringComparison.Ordinal)
        && IsWithin(synfin, kernel.Split(' '));

    /// <summary>One SYN or SYN,ACK more: the kernel's timer, which a bad ACK in SYN-SENT shortens to almost nothing.</summary>
    private static bool SynAgain(Difference d)
    {
        Reply[] kernel = [.. d.OfKernel.Replies.Where(reply => !reply.IsSyn)];
        Reply[] synfin = [.. d.OfSynfin.Replies.Where(reply => !reply.IsSyn)];
        return d.OfKernel.Replies.Count - kernel.Length == d.OfSynfin.Replies.Count - synfin.Length + 1
            && Comparison.Same(d.OfKernel with { Replies = kernel }, d.OfSynfin with { Replies = synfin })
            && Enumerable.Range(0, d.Index + 1).Any(i => d.StateBefore(i) == "SYN-SENT" && d.Script.Steps[i].Has(TcpFlags.Ack));
    }

    private static bool BadAckInSynReceived(Difference d) =>
        d.Before == "SYN-RECEIVED" && d.IsSegment(TcpFlags.Ack, without: TcpFlags.Rst) && d.SameState
        && d.OfKernel.Replies is [{ } reset] && reset.Words.StartsWith("R seq ", StringComparison.Ordinal)
        && d.OfSynfin.Replies is [] or [{ IsSyn: false }];

    private static bool NewSynInSynReceived(Difference d) =>
        d.Before == "SYN-RECEIVED" && d.IsSegment(TcpFlags.Syn, without: TcpFlags.Rst) && d.KernelNow == "LISTEN"
        && d.SynfinNow == d.Before;

    private static bool ResetAtRim(Difference d) =>
        d.IsSegment(TcpFlags.Rst) && d.SameState && d.KernelNow == d.Before
        && (IsAcknowledgment(d.OfKernel) && IsSilent(d.OfSynfin) || IsAcknowledgment(d.OfSynfin) && IsSilent(d.OfKernel));

    /// <summary>Begins at the right edge, or ends at RCV.NXT: Synfin treats it as outside.</summary>
    private static bool SegmentAtRim(Difference d) =>
        d.IsSegment(TcpFlags.None, without: TcpFlags.Rst) && d.OfKernel.At is { } at
        && (at.Seq == at.Edge || (at.End == at.Rcv && at.Seq < at.Rcv))
        && d.SynfinNow == d.Before && (IsAcknowledgment(d.OfSynfin) || IsSilent(d.OfSynfin));

    private static bool SendBeforeEstablished(Difference d) =>
        d.Before is "SYN-SENT" or "SYN-RECEIVED" && d.Step.Kind is StepKind.Send && d.OfKernel.Call == "EAGAIN"
        && d.OfSynfin.Call.EndsWith(" octets", StringComparison.Ordinal);

    private static bool HalfCloseInSynSent(Difference d) =>
        d.Before == "SYN-SENT" && d.Step.Kind is StepKind.Shutdown && d.OfKernel.State == "CLOSED" && d.SynfinNow == d.Before;

    private static bool TextOnSyn(Difference d) =>
        d.Before == "SYN-SENT" && d.IsSegment(TcpFlags.Syn) && (d.Step.Length > 0 || d.Step.Has(TcpFlags.Fin))
        && (d.OfSynfin.State != d.OfKernel.State || d.Only is ({ } kernel, { } synfin) && !IsWithin(synfin, kernel.Split(' ')));

    private static bool TextOverEdge(Difference d) =>
        d.OfKernel.At is { } at && d.Step.Length > 0 && at.Seq < at.Edge && at.End > at.Edge;

    private static bool TextWithOldAck(Difference d) =>
        d.IsSegment(TcpFlags.Ack) && d.Step.Length > 0 && d.OfKernel.At is { } at && at.Seq == at.Rcv && IsOldAck(d.Step)
        && d.KernelNow == d.Before && d.SynfinNow == d.Before
        && Readable(d.OfKernel.State) == Readable(d.OfSynfin.State) + d.Step.Length
        && (IsAcknowledgment(d.OfSynfin) || (d.Settings.ChallengeLimit && IsSilent(d.OfSynfin)));

    private static bool ResetWithOldTimestamp(Difference d) =>
        d.Before is "SYN-RECEIVED" or "TIME-WAIT" && d.IsSegment(TcpFlags.Rst) && d.Step.Timestamp < 0
        && d.KernelNow == d.Before && d.SynfinNow is "LISTEN" or "CLOSED";

    private static bool OldAckWithOldTimestamp(Difference d) =>
        d.IsSegment(TcpFlags.Ack, without: TcpFlags.Rst | TcpFlags.Syn | TcpFlags.Fin) && d.SameState
        && d.Step is { Length: 0, Timestamp: < 0 }
        && d.OfKernel.At is { } at && at.Seq < at.Rcv && IsSilent(d.OfKernel) && IsAcknowledgment(d.OfSynfin);

    private static bool RecentAndOldAck(Difference d)
    {
        if (!d.SameState || d.OfKernel.Call != d.OfSynfin.Call || !d.UsesTimestamps) return false;
        if (!d.Script.Steps.Take(d.Index + 1).Any(IsOldAck)) return false;
        return d.OfKernel.Replies.Select(reply => WithoutEcho(reply.Words)).SequenceEqual(
            d.OfSynfin.Replies.Select(reply => WithoutEcho(reply.Words)));
    }

    private static bool SackAfterClose(Difference d) =>
        d.SameState && d.Script.Steps.Take(d.Index + 1).Any(step => step.Kind is StepKind.Close)
        && d.Only is ({ } kernel, { } synfin) && Difference.Blocks(synfin).Count == 0 && Difference.WithoutSack(kernel) == synfin;

    private static bool TextBeforeFin(Difference d) =>
        d.SameState && d.Script.Steps.Take(d.Index).Any(step => step.Kind is StepKind.Close or StepKind.Shutdown)
        && d.OfSynfin.Replies is [{ } text] && text.Words.Contains(" len ", StringComparison.Ordinal)
        && (IsAcknowledgment(d.OfKernel) || IsSilent(d.OfKernel));

    private static bool RoomToSend(Difference d) =>
        d.SameState && d.Step.Kind is StepKind.Send && d.OfKernel.Call.EndsWith(" octets", StringComparison.Ordinal)
        && Octets(d.OfKernel.Call) < Octets(d.OfSynfin.Call);

    private static bool AbortInLastAck(Difference d) =>
        d.Unread && d.Before is "LAST-ACK" or "CLOSING" && d.Step.Kind is StepKind.Abort && d.SameState
        && IsSilent(d.OfSynfin) && d.OfKernel.Replies is [{ } reset] && reset.Words.StartsWith("R. seq ", StringComparison.Ordinal);

    private static bool LimitOfAnswers(Difference d) =>
        d.Settings.ChallengeLimit && d.SameState
        && (IsSilent(d.OfKernel) && IsAcknowledgment(d.OfSynfin) || IsSilent(d.OfSynfin) && IsAcknowledgment(d.OfKernel));

    /// <summary>Only what a window allows is different, text or the SEQ of an ACK, and a segment that came late told of a window.</summary>
    private static bool WindowOfLateSegment(Difference d)
    {
        if (!d.SameState || d.OfKernel.Call != d.OfSynfin.Call) return false;
        bool text = d.OfKernel.Replies.Any(HasText) != d.OfSynfin.Replies.Any(HasText);
        bool seq = d.Only is ({ } kernel, { } synfin) && WithoutSeq(kernel) == WithoutSeq(synfin);
        if (!text && !seq) return false;
        int latest = int.MinValue;
        for (int i = 0; i <= d.Index; i++)
        {
            if (d.Kernel[i].At is not { } at) continue;
            if (at.Seq < latest && d.Script.Steps[i].Has(TcpFlags.Ack)) return true;
            latest = Math.Max(latest, at.Seq);
        }
        return false;
    }

    private static bool SmallWindow(Difference d) =>
        d.SameState && d.OfKernel.Call == d.OfSynfin.Call && IsSilent(d.OfSynfin) && d.OfKernel.Replies.Any(HasText)
        && d.Script.Steps.Take(d.Index + 1).Any(step => step.Kind is StepKind.Segment && step.Window < ushort.MaxValue / 2);

    private static bool SecondSyn(Difference d) =>
        d.Before == "SYN-RECEIVED" && d.IsSegment(TcpFlags.Syn, without: TcpFlags.Rst)
        && (!d.Script.Listens || (d.Step.Has(TcpFlags.Ack) && d.OfKernel.At is { } at && at.Seq == at.Rcv - 1));

    private static bool PushInTheMidst(Difference d) =>
        d.SameState && d.OfKernel.Call == d.OfSynfin.Call
        && d.OfKernel.Replies.Select(WithoutPush).SequenceEqual(d.OfSynfin.Replies.Select(WithoutPush));

    private static bool DsackWithFin(Difference d) =>
        d.SameState && d.IsSegment(TcpFlags.Fin) && d.Only is ({ } kernel, { } synfin) && Difference.Blocks(kernel).Count == 0
        && Difference.WithoutSack(synfin) == kernel && Difference.Blocks(synfin) is [_];

    private static bool SynWithFin(Difference d) =>
        d.Before is "LISTEN" or "TIME-WAIT" && d.Step.Has(TcpFlags.Syn) && d.Step.Has(TcpFlags.Fin) && IsSilent(d.OfKernel)
        && d.KernelNow == "LISTEN" && d.SynfinNow == "SYN-RECEIVED";

    private static bool AckOfNothing(Difference d) =>
        d.Before == "SYN-RECEIVED" && !d.Script.Listens && d.OfKernel.At?.Ack == 0 && d.Step.Has(TcpFlags.Ack)
        && d.KernelNow is "ESTABLISHED" or "CLOSE-WAIT" && d.SynfinNow == d.Before;

    /// <summary>Text arrived beyond a FIN: before the FIN, or after one that came out of order.</summary>
    private static bool FinBeforeText(Difference d)
    {
        for (int i = 0; i <= d.Index; i++)
        {
            if (!d.Script.Steps[i].Has(TcpFlags.Fin) || d.Kernel[i].At is not { } fin || fin.End <= fin.Rcv) continue;
            int from = fin.Seq > fin.Rcv ? 0 : d.Index + 1;
            for (int j = 0; j <= d.Index; j++)
            {
                bool counts = j < i || j >= from;
                if (counts && !d.Script.Steps[j].Has(TcpFlags.Rst) && d.Kernel[j].At is { } other && other.End > fin.End) return true;
            }
        }
        return false;
    }

    private static bool SackOnReset(Difference d) =>
        d.SameState && d.Only is ({ } kernel, { } synfin) && kernel.StartsWith("R. seq ", StringComparison.Ordinal)
        && kernel != synfin && Difference.WithoutSack(kernel) == synfin;

    private static bool ErrorOfReset(Difference d) =>
        d.SameState && d.Step.Kind is StepKind.Send or StepKind.Receive
        && (d.OfKernel.Call, d.OfSynfin.Call) is ("EPIPE", "ECONNRESET") or ("ECONNRESET", "ECONNREFUSED");

    private static bool AbortInTimeWait(Difference d) =>
        d.Before == "TIME-WAIT" && d.Step.Kind is StepKind.Abort && d.KernelNow == d.Before && d.SynfinNow is "CLOSED" or "LISTEN";

    private static bool MissingTimestamp(Difference d) =>
        d.IsSegment(TcpFlags.None, without: TcpFlags.Rst) && d.Step.Timestamp is null && d.UsesTimestamps && IsSilent(d.OfSynfin)
        && d.SynfinNow == d.Before;

    private static bool NoFlagOfUse(Difference d) =>
        d.IsSegment(TcpFlags.None, without: TcpFlags.Rst | TcpFlags.Syn | TcpFlags.Ack) && d.SameState && IsSilent(d.OfKernel)
        && IsAcknowledgment(d.OfSynfin);

    private static bool TextAfterFin(Difference d) =>
        d.Before is "CLOSE-WAIT" or "CLOSING" or "LAST-ACK" && d.IsSegment(TcpFlags.Ack)
        && d.OfKernel.At!.End > d.OfKernel.At.Rcv
        && d.Step.Length > 0 && IsSilent(d.OfSynfin) && d.SynfinNow == d.Before
        && (IsAcknowledgment(d.OfKernel) || (d.OfKernel.Replies is [{ } reset] && IsReset(reset)));

    private static bool FinInSack(Difference d) => SackDiffers(d, foreign: false);

    private static bool ForeignDsack(Difference d) => SackDiffers(d, foreign: true);

    /// <summary>Only in SACK blocks: the kernel's are ours but for a FIN's number and, first, for octets from before the SYN.</summary>
    private static bool SackDiffers(Difference d, bool foreign)
    {
        if (!d.SameState || d.OfKernel.Call != d.OfSynfin.Call || d.OfKernel.Replies.Count != d.OfSynfin.Replies.Count) return false;
        bool fin = d.Script.Steps.Take(d.Index + 1).Any(step => step.Has(TcpFlags.Fin));
        bool anyForeign = false;
        for (int i = 0; i < d.OfKernel.Replies.Count; i++)
        {
            string kernel = d.OfKernel.Replies[i].Words;
            string synfin = d.OfSynfin.Replies[i].Words;
            if (Difference.WithoutSack(kernel) != Difference.WithoutSack(synfin)) return false;
            List<(int Left, int Right)> theirs = Difference.Blocks(kernel);
            List<(int Left, int Right)> ours = Difference.Blocks(synfin);
            bool hasForeign = theirs is [{ Left: < 1 }, ..] && ours is not [{ Left: < 1 }, ..];
            if (hasForeign) theirs.RemoveAt(0);
            anyForeign |= hasForeign;
            bool same = hasForeign ? theirs.TrueForAll(ours.Contains) : theirs.SequenceEqual(ours);
            if (!same && !(fin && SameButForFin(theirs, ours))) return false;
        }
        return anyForeign == foreign;
    }

    private static bool SameButForFin(List<(int Left, int Right)> theirs, List<(int Left, int Right)> ours) =>
        theirs.TrueForAll(block => ours.Contains(block) || ours.Contains((block.Left, block.Right - 1)) || block.Right == block.Left + 1)
        && ours.TrueForAll(block => theirs.Contains(block) || theirs.Contains((block.Left, block.Right + 1)));

    private static bool ErrorToldOnce(Difference d) =>
        d.SameState && d.Step.Kind is StepKind.Send or StepKind.Receive && d.OfKernel.Call is "EOF" or "EPIPE"
        && d.Kernel.Take(d.Index).Any(earlier => earlier.Call is "ECONNRESET" or "ECONNREFUSED" or "EPIPE");

    private static bool CloseInSynReceived(Difference d) => Enumerable.Range(0, d.Index + 1).Any(
        i => d.Script.Steps[i].Kind is StepKind.Close or StepKind.Shutdown && d.StateBefore(i) == "SYN-RECEIVED" && !d.Script.Listens);

    private static bool IsWithin(string words, string[] others) => words.Split(' ').All(others.Contains);

    private static bool IsSilent(Outcome outcome) => outcome.Replies.Count == 0;

    private static bool IsAcknowledgment(Outcome outcome) =>
        outcome.Replies is [{ } only] && only.Words.StartsWith(". seq ", StringComparison.Ordinal)
        && !only.Words.Contains(" len ", StringComparison.Ordinal);

    private static bool IsOldAck(Step step) => step.Has(TcpFlags.Ack) && (step.AckFrom is Origin.Iss || step.Ack < 0);

    private static int Readable(string state) => state.Split(" readable ") is [_, { } octets] ? Octets(octets) : 0;

    private static int Octets(string words) => int.Parse(words.Split(' ')[0], CultureInfo.InvariantCulture);

    private static string WithoutEcho(string words) => Echo().Replace(Difference.WithoutSack(words), "");

    private static string WithoutSeq(string words) => Sequence().Replace(Difference.WithoutSack(words), "");

    [GeneratedRegex("seq -?[0-9]+")]
    private static partial Regex Sequence();

    [GeneratedRegex(" ecr -?[0-9]+")]
    private static partial Regex Echo();

    private static bool HasText(Reply reply) => reply.Words.Contains(" len ", StringComparison.Ordinal);

    private static bool IsReset(Reply reply) => reply.Words.StartsWith("R seq ", StringComparison.Ordinal);

    private static string WithoutPush(Reply reply) =>
        reply.Words.StartsWith("P. ", StringComparison.Ordinal) ? reply.Words[1..] : reply.Words;
}
