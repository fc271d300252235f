using Synfin.Conformance.Tests.Transcription;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>Brings engine and transcription to a setting, and tells both what happens there.</summary>
internal static partial class Runner
{
    /// <summary>Between the way and the event: less than any RTO.</summary>
    private static readonly Duration _pause = Duration.FromMilliseconds(10);

    public static TcpProfile ProfileOf(string name) => name switch
    {
        "Rfc" => TcpProfile.Rfc with { Ecn = EcnMode.Off }, // 3.10.7 knows no ECN: it would only add flags to SYNs
        "Default" => TcpProfile.Default,
        // When ACKs go, and how much of the buffer is offered, is free to choose: 3.10 says what happens, not when.
        "Linux" => TcpProfile.Linux with
        {
            WindowRule = ReceiveWindowRule.Free,
            TimestampsMayMiss = false, // RFC 7323 3.2 is the same for all here
            AcknowledgmentRule = AcknowledgmentRule.TwoFullSegments,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such profile in the grid"),
    };

    /// <summary>The engine in a setting, with nothing unseen.</summary>
    public static Host Reach(string profile, Setting setting, TcpConnectionOptions? options = null)
    {
        var host = new Host(ProfileOf(profile), options ?? Host.Options);
        foreach (Step step in setting.Steps) step.Do(host);
        host.After(_pause);
        host.TakeSent();
        host.ForgetSignals();
        return host;
    }

    /// <summary>The transcription's TCB in a setting; the engine must agree on each step of the way.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="setting">The setting.</param>
    /// <param name="applied">The deviations that apply on the way.</param>
    public static ControlBlock ReachRfc(string profile, Setting setting, List<string> applied)
    {
        ControlBlock tcb = Fresh();
        for (int i = 0; i < setting.Steps.Length; i++)
        {
            Outcome outcome = Take(profile, setting, setting.Steps[i], tcb, applied, "");
            tcb = outcome.Tcb;
            string difference = ViewAfter(profile, setting.Steps.AsSpan(0, i + 1)).Against(outcome);
            if (difference.Length == 0) continue;
            throw new InvalidOperationException(
                $"{profile}, {setting}: on the way there, step {i + 1}: the RFC vs. Synfin: {difference}");
        }
        if (tcb.State != setting.State) throw new InvalidOperationException($"{setting} leads to {tcb.State}");
        return tcb;
    }

    /// <summary>To look at text is to read it, so each look has an engine of its own.</summary>
    private static EngineView ViewAfter(string profile, ReadOnlySpan<Step> steps)
    {
        var host = new Host(ProfileOf(profile), Host.Options);
        foreach (Step step in steps)
        {
            host.TakeSent();
            host.ForgetSignals();
            step.Do(host);
        }
        return new EngineView(host);
    }

    /// <summary>The same without one of the deviations.</summary>
    public static ControlBlock ReachRfcWithout(string profile, Setting setting, string deviation)
    {
        ControlBlock tcb = Fresh();
        foreach (Step step in setting.Steps) tcb = Take(profile, setting, step, tcb, [], deviation).Tcb;
        return tcb;
    }

    private static ControlBlock Fresh() => new()
    {
        RcvWnd = EventProcessing.Buffer,
        RcvNxt = Host.PeerIsn,
        Irs = Host.PeerIsn - 10,
        Iss = Host.OurIsn,
        SndUna = Host.OurIsn,
        SndNxt = Host.OurIsn,
    };

    private static Outcome Take(string profile, Setting setting, Step step, ControlBlock tcb, List<string> applied, string without)
    {
        if (step.Kind is StepKind.Accepts) return new Outcome { Tcb = tcb };
        var cell = new Cell(profile, setting, tcb, new CellEvent(KindOf(step.Kind), step.Segment, step.Octets), Host.OurIsn);
        return Verdict.Declared(cell, applied, without);
    }

    /// <summary>All segments in a setting.</summary>
    public static Verdict Segments(string profile, Setting setting)
    {
        Verdict verdict = Begin(profile, setting);
        foreach (IncomingSegment segment in Classes.Segments(setting, verdict.Before))
        {
            Host host = Reach(profile, setting);
            host.Arrives(segment);
            Note(verdict, profile, setting, new CellEvent(EventKind.SegmentArrives, segment), new EngineView(host));
        }
        return verdict;
    }

    private static Verdict Begin(string profile, Setting setting)
    {
        var applied = new List<string>();
        ControlBlock before = ReachRfc(profile, setting, applied);
        return new Verdict(before, [.. applied.Distinct().Select(id => (id, ReachRfcWithout(profile, setting, id)))]);
    }

    private static void Note(Verdict verdict, string profile, Setting setting, CellEvent happens, EngineView engine) =>
        verdict.Note(new Cell(profile, setting, verdict.Before, happens, engine.NewIss ?? Host.OurIsn), engine);

    private static EventKind KindOf(StepKind kind) => kind switch
    {
        StepKind.Listens => EventKind.PassiveOpen,
        StepKind.Opens => EventKind.ActiveOpen,
        StepKind.Receives => EventKind.SegmentArrives,
        StepKind.Writes => EventKind.Send,
        StepKind.ShutsDown => EventKind.Close,
        StepKind.Closes => EventKind.CloseBothHalves,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such step"),
    };
}
