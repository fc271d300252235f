using System;
using System.Collections.Generic;
using System.Linq;
using Synfin.Drill.Language;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Running;

/// <summary>Compares a segment as it came with a line of the script, both in the script's numbers.</summary>
/// <param name="options">How strictly.</param>
internal sealed class SegmentMatcher(MatchOptions options)
{
    /// <summary>The bits of AccECN's counter (RFC 9768 3.1.1).</summary>
    public const TcpFlags AceFlags = TcpFlags.Ae | TcpFlags.Cwr | TcpFlags.Ece;

    /// <summary>What fragments of one scripted segment may differ in.</summary>
    private const int OfTheLastFragment = (int)(TcpFlags.Fin | TcpFlags.Psh | TcpFlags.Cwr);

    /// <summary>Names what differs first, or null; what an option lets pass is added to <paramref name="leniencies"/>.</summary>
    public string? Compare(ScriptSegment wanted, ScriptSegment came, ICollection<string> leniencies)
    {
        return CompareFlags(wanted, came, leniencies)
            ?? CompareNumbers(wanted, came)
            ?? (wanted.AnyOptions ? null : CompareOptions(wanted.Options, came.Options, leniencies));
    }

    /// <summary>Names what differs of the fields around a packet, or null. What the script leaves out is not compared.</summary>
    public static string? Compare(IpFields wanted, LivePacket came)
    {
        if (wanted.Ecn is { } ecn && ecn != (came.TrafficClass & 3)) return $"ECN {came.TrafficClass & 3} instead of {ecn}";
        if (wanted.EitherEct && (came.TrafficClass & 3) is not (1 or 2)) return $"ECN {came.TrafficClass & 3} instead of ECT(0) or ECT(1)";
        if (wanted.TrafficClass is { } tos && tos != came.TrafficClass) return $"tos 0x{came.TrafficClass:x2} instead of 0x{tos:x2}";
        if (wanted.TimeToLive is { } ttl && ttl != came.TimeToLive) return $"ttl {came.TimeToLive} instead of {ttl}";
        return wanted.FlowLabel is { } label && label != came.FlowLabel ? $"flow label {came.FlowLabel} instead of {label}" : null;
    }

    /// <summary>
    /// Names in what a segment cannot be the continuation of another that is a part of the same scripted one, or null.
    /// </summary>
    public string? CompareFragments(ScriptSegment first, ScriptSegment next, long seqDue)
    {
        if ((uint)next.Seq != (uint)seqDue) return $"the rest of it at {(uint)seqDue}, not {(uint)next.Seq}";
        if (((first.Flags ^ next.Flags) & ~OfTheLastFragment) != 0) return $"flags {PacketText.Flags(next.Flags)} in the rest of it";
        if (first.Ack != next.Ack) return $"ack {next.Ack} in the rest of it";
        if (first.Window != next.Window) return $"win {next.Window} in the rest of it";
        if (first.Urgent != next.Urgent) return $"urg {next.Urgent} in the rest of it";
        return first.Options.Count == next.Options.Count
            && first.Options.Zip(next.Options).All(p => IsSame(p.First, p.Second, exactTime: false))
            ? null
            : $"other options {PacketText.Options(next.Options)} in the rest of it";
    }

    private string? CompareFlags(ScriptSegment wanted, ScriptSegment came, ICollection<string> leniencies)
    {
        int compared = ~0;
        if (wanted.Ace is { } ace)
        {
            compared = ~(int)AceFlags;
            int cameAce = AceOf(came.Flags);
            if (cameAce != ace) return $"ACE {cameAce} instead of {ace}";
        }
        int different = (wanted.Flags ^ came.Flags) & compared;
        if (different == (int)TcpFlags.Psh && options.LenientPsh)
        {
            leniencies.Add((came.Flags & (int)TcpFlags.Psh) != 0 ? "PSH is there" : "PSH is missing");
            return null;
        }
        return different == 0 ? null : $"flags {PacketText.Flags(came.Flags)} instead of {PacketText.Flags(wanted.Flags)}";
    }

    private static int AceOf(int flags) =>
        ((flags & (int)TcpFlags.Ae) != 0 ? 4 : 0) | ((flags & (int)TcpFlags.Cwr) != 0 ? 2 : 0) | ((flags & (int)TcpFlags.Ece) != 0 ? 1 : 0);

    private static string? CompareNumbers(ScriptSegment wanted, ScriptSegment came)
    {
        if ((uint)wanted.Seq != (uint)came.Seq) return $"seq {(uint)came.Seq} instead of {(uint)wanted.Seq}";
        if (wanted.Length != came.Length) return $"{came.Length} octets instead of {wanted.Length}";
        bool acknowledges = (wanted.Flags & (int)TcpFlags.Ack) != 0;
        if (acknowledges && wanted.Ack is { } ack && (uint)ack != (uint)(came.Ack ?? 0))
            return $"ack {(uint)(came.Ack ?? 0)} instead of {(uint)ack}";
        if (wanted.Window is { } window && window != came.Window) return $"win {came.Window} instead of {window}";
        return (wanted.Urgent ?? 0) == (came.Urgent ?? 0) ? null : $"urg {came.Urgent ?? 0} instead of {wanted.Urgent ?? 0}";
    }

    private string? CompareOptions(
        IReadOnlyList<ScriptOption> wanted, IReadOnlyList<ScriptOption> came, ICollection<string> leniencies)
    {
        if (wanted.Count == came.Count && wanted.Zip(came).All(p => IsSame(p.First, p.Second, exactTime: false)))
            return CompareTimes(wanted, came);
        if (options.LenientOptions)
        {
            ScriptOption[] wantedOnes = Ordered(wanted), cameOnes = Ordered(came);
            bool same = wantedOnes.Length == cameOnes.Length
                && wantedOnes.Zip(cameOnes).All(p => IsSame(p.First, p.Second, exactTime: false));
            if (same)
            {
                leniencies.Add($"options in another order or padding: {PacketText.Options(came)}");
                return CompareTimes(wantedOnes, cameOnes);
            }
        }
        return $"options {PacketText.Options(came)} instead of {PacketText.Options(wanted)}";
    }

    private static ScriptOption[] Ordered(IEnumerable<ScriptOption> all) =>
        [.. all.Where(o => o is not (ScriptOption.NoOperation or ScriptOption.EndOfList)).OrderBy(o => OptionCodec.Write([o])[0])];

    private string? CompareTimes(IReadOnlyList<ScriptOption> wanted, IReadOnlyList<ScriptOption> came)
    {
        for (int i = 0; i < wanted.Count; i++)
        {
            if (!IsSame(wanted[i], came[i], exactTime: true))
                return $"options {PacketText.Options(came)} instead of {PacketText.Options(wanted)}";
        }
        return null;
    }

    /// <summary>TS ecr is always compared, TS val only if the script says how fast its clock runs, and as closely as times are.</summary>
    private bool IsSame(ScriptOption wanted, ScriptOption came, bool exactTime)
    {
        switch (wanted, came)
        {
            case (ScriptOption.Timestamps w, ScriptOption.Timestamps c):
                if (w.Echo != c.Echo) return false;
                if (!exactTime || options.TimestampTick <= Duration.Zero) return true;
                long most = Math.Max(1, options.Tolerance.Nanoseconds / options.TimestampTick.Nanoseconds);
                return Math.Abs((long)unchecked((int)(c.Value - w.Value))) <= most;
            case (ScriptOption.Sack w, ScriptOption.Sack c):
                return w.Blocks.Count == c.Blocks.Count && w.Blocks.Zip(c.Blocks).All(p => IsSameBlock(p.First, p.Second));
            case (ScriptOption.FastOpen w, ScriptOption.FastOpen c):
                return w.Experimental == c.Experimental && w.Cookie.AsSpan().SequenceEqual(c.Cookie);
            case (ScriptOption.Unknown w, ScriptOption.Unknown c):
                return w.Kind == c.Kind && w.Content.AsSpan().SequenceEqual(c.Content);
            default:
                return wanted == came;
        }
    }

    private static bool IsSameBlock((long Left, long Right) a, (long Left, long Right) b) =>
        (uint)a.Left == (uint)b.Left && (uint)a.Right == (uint)b.Right;
}
