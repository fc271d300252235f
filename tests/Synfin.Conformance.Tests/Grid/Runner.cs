using Synfin.Conformance.Tests.Transcription;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>Brings engine and transcription to a setting, and tells both what happens there.</summary>
internal static class Runner
{
    /// <summary>Between the way and the event: less than any RTO.</summary>
    private static readonly Duration _pause = Duration.FromMilliseconds(10);

    public static TcpProfile ProfileOf(string name) => name switch
    {
        "Rfc" => TcpProfile.Rfc,
        "Default" => TcpProfile.Default,
        "Linux" => TcpProfile.Linux,
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
    public static ControlBlock ReachRfc(string profile, Setting setting)
    {
        var tcb = new ControlBlock { RcvWnd = EventProcessing.Buffer, RcvNxt = Host.PeerIsn, Irs = Host.PeerIsn - 10 };
        tcb.SndUna = tcb.SndNxt = tcb.Iss = Host.OurIsn;
        var host = new Host(ProfileOf(profile), Host.Options);
        foreach (Step step in setting.Steps)
        {
            EventKind kind = KindOf(step.Kind);
            var cell = new Cell(profile, setting, tcb.Copy(), new CellEvent(kind, step.Segment, step.Octets), Host.OurIsn);
            Outcome outcome = step.Kind is StepKind.Accepts ? new Outcome { Tcb = tcb } : Verdict.Declared(cell, []);
            tcb = outcome.Tcb;
            step.Do(host);
            string difference = new EngineView(host).Against(outcome);
            if (difference.Length > 0)
                throw new InvalidOperationException($"{profile}, {setting}: the way there, {step}: the RFC vs. Synfin: {difference}");
            host.ForgetSignals();
        }
        if (tcb.State != setting.State) throw new InvalidOperationException($"{setting} leads to {tcb.State}");
        return tcb;
    }

    /// <summary>All segments in a setting.</summary>
    public static Verdict Segments(string profile, Setting setting)
    {
        var verdict = new Verdict();
        ControlBlock before = ReachRfc(profile, setting);
        foreach (IncomingSegment segment in Classes.Segments(setting, before))
        {
            Host host = Reach(profile, setting);
            host.Arrives(segment);
            var engine = new EngineView(host);
            uint iss = engine.NewIss ?? Host.OurIsn;
            var cell = new Cell(profile, setting, before, new CellEvent(EventKind.SegmentArrives, segment), iss);
            verdict.Note(cell, engine, engine.ReadAll);
        }
        return verdict;
    }

    private static EventKind KindOf(StepKind kind) => kind switch
    {
        StepKind.Listens => EventKind.PassiveOpen,
        StepKind.Opens => EventKind.ActiveOpen,
        StepKind.Receives => EventKind.SegmentArrives,
        StepKind.Accepts => EventKind.Status,
        StepKind.Writes => EventKind.Send,
        StepKind.ShutsDown => EventKind.Close,
        StepKind.Closes => EventKind.CloseBothHalves,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such step"),
    };
}
