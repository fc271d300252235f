using Synfin.Drill.Language;
using Synfin.Drill.Running;
using Synfin.Drill.Sockets;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;

namespace Synfin.Drill.Reporting;

/// <summary>Runs scripts against Synfin's engine, each against an engine of its own in virtual time.</summary>
/// <param name="options">How.</param>
internal sealed class EngineStage(DrillOptions options) : IScriptStage
{
    private const int LeastMtu = 576;

    /// <summary>Where the clock stands when a script begins: not at zero, so that nothing depends on it.</summary>
    private static readonly Timestamp _start = Timestamp.Zero + Duration.FromSeconds(1_000);

    public ScriptRun Run(Script script, IpVersion version)
    {
        DrillProfile profile = options.Profile ?? DrillProfile.Linux;
        if (FirstUnknown(script) is { } unknown) return new ScriptRun(version, profile, unknown);
        var addresses = new DrillAddresses(version, script.Options);
        if (addresses.Mtu is < LeastMtu or > ushort.MaxValue)
            return new ScriptRun(version, profile, new ScriptOutcome.Skipped(null, $"its MTU is {addresses.Mtu}; {LeastMtu} to {ushort.MaxValue} are possible"));
        using RunCapture? capture = RunCapture.Begin(options, script, addresses);
        using EngineUnderTest engine = CreateEngine(script, addresses, profile, capture);
        var runnerOptions = new RunnerOptions
        {
            Match = new MatchOptions { LenientPsh = options.LenientPsh, LenientOptions = options.LenientOptions },
            AllowLeftovers = options.AllowLeftovers,
            IsFreeBsd = profile is DrillProfile.FreeBsd,
        };
        ScriptOutcome outcome = new ScriptRunner(script, engine, addresses, runnerOptions, new ScriptExtras(engine)).Run();
        return new ScriptRun(version, profile, outcome) { Ladder = capture?.RenderLadder(options.Width) };
    }

    /// <summary>What is known to be impossible before anything runs.</summary>
    private static ScriptOutcome.Skipped? FirstUnknown(Script script)
    {
        if (script.Options.Unknown is [var first, ..]) return new ScriptOutcome.Skipped(null, $"it has {first}, which is not known here");
        foreach (ScriptEvent e in script.Events)
        {
            if (e is CallEvent call && !CallReader.IsKnown(call.Name)) return new ScriptOutcome.Skipped(e.Line, $"there is no call {call.Name}()");
        }
        return null;
    }

    private static EngineUnderTest CreateEngine(Script script, DrillAddresses addresses, DrillProfile profile, RunCapture? capture)
    {
        KernelKind kind = profile is DrillProfile.FreeBsd ? KernelKind.FreeBsd : KernelKind.Linux;
        var stackOptions = new StackOptions
        {
            Profile = ProfileOf(profile),
            Mtu = addresses.Mtu,
            ConnectionDefaults = Buffers(profile),
        };
        var stack = new NetworkStack(stackOptions, SecretOf(script), _start, capture?.Observer);
        stack.AddAddress(addresses.Local);
        return new EngineUnderTest(stack, new KernelSockets(stack, kind), addresses.Mtu, _start, capture);
    }

    private static TcpProfile ProfileOf(DrillProfile profile) => profile switch
    {
        DrillProfile.Default => TcpProfile.Default,
        DrillProfile.Rfc => TcpProfile.Rfc,
        DrillProfile.Linux => TcpProfile.Linux,
        DrillProfile.FreeBsd => TcpProfile.FreeBsd,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The buffers that the kernels' scripts are written for: the largest that they grow to decide the window scale.</summary>
    private static TcpConnectionOptions Buffers(DrillProfile profile) => profile switch
    {
        DrillProfile.Linux => new TcpConnectionOptions { ReceiveBuffer = 15_728_640, SendBuffer = 4_194_304 },
        DrillProfile.FreeBsd => new TcpConnectionOptions { ReceiveBuffer = 2_097_152, SendBuffer = 2_097_152 },
        _ => new TcpConnectionOptions(),
    };

    /// <summary>The same script has the same chance each time (FNV-1a).</summary>
    private static StackSecret SecretOf(Script script)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (char c in script.Text) hash = (hash ^ c) * 1_099_511_628_211;
        return new StackSecret(hash, ~hash);
    }
}
