using System;
using Synfin.Drill.Commands;
using Synfin.Drill.Language;
using Synfin.Drill.Running;
using Synfin.Drill.Sockets;
using Synfin.Stack;
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
        DrillSettings start = DrillSettings.For(DrillKnobs.ProfileOf(profile.ToString().ToLowerInvariant()), options.Profile is not null);
        if (ScriptSetUp.Read(script, start, out DrillSettings settings) is { } refused) return new ScriptRun(version, profile, refused);
        profile = Enum.Parse<DrillProfile>(settings.Profile.Name, ignoreCase: true);
        var addresses = new DrillAddresses(version, script.Options, settings.Mtu);
        if (addresses.Mtu is < LeastMtu or > ushort.MaxValue)
        {
            var outcome = new ScriptOutcome.Skipped(null, $"its MTU is {addresses.Mtu}; {LeastMtu} to {ushort.MaxValue} are possible");
            return new ScriptRun(version, profile, outcome);
        }
        return Run(script, addresses, profile, settings);
    }

    private ScriptRun Run(Script script, DrillAddresses addresses, DrillProfile profile, DrillSettings settings)
    {
        using RunCapture? capture = RunCapture.Begin(options, script, addresses);
        using EngineUnderTest engine = CreateEngine(script, addresses, settings, capture);
        var runnerOptions = new RunnerOptions
        {
            Match = new MatchOptions { LenientPsh = options.LenientPsh, LenientOptions = options.LenientOptions },
            AllowLeftovers = options.AllowLeftovers,
            IsFreeBsd = profile is DrillProfile.FreeBsd,
        };
        ScriptOutcome outcome = new ScriptRunner(script, engine, addresses, runnerOptions, new ScriptExtras(engine)).Run();
        return new ScriptRun(addresses.Version, profile, outcome) { Ladder = capture?.RenderLadder(options.Width) };
    }

    /// <summary>What is known to be impossible before anything runs.</summary>
    private static ScriptOutcome.Skipped? FirstUnknown(Script script)
    {
        if (script.Options.Unknown is [var first, ..]) return new ScriptOutcome.Skipped(null, $"it has {first}, which is not known here");
        foreach (ScriptEvent e in script.Events)
        {
            if (e is CallEvent call && !CallReader.IsKnown(call.Name))
                return new ScriptOutcome.Skipped(e.Line, $"there is no call {call.Name}()");
        }
        return null;
    }

    private static EngineUnderTest CreateEngine(Script script, DrillAddresses addresses, DrillSettings settings, RunCapture? capture)
    {
        KernelKind kind = settings.Profile.Name == "freebsd" ? KernelKind.FreeBsd : KernelKind.Linux;
        var stackOptions = new StackOptions
        {
            Profile = settings.Profile,
            Mtu = addresses.Mtu,
            ConnectionDefaults = settings.Connection,
            SynCookies = settings.SynCookies,
        };
        if (settings.MaxSynQueue is { } most) stackOptions = stackOptions with { MaxSynQueue = most };
        var stack = new NetworkStack(stackOptions, SecretOf(script), _start, capture?.Observer);
        stack.AddAddress(addresses.Local);
        return new EngineUnderTest(stack, new KernelSockets(stack, kind, SocketsOf(kind, settings)), addresses.Mtu, _start, capture);
    }

    /// <summary>The kernel's own settings of sockets, but for what the script's commands changed.</summary>
    private static KernelSettings SocketsOf(KernelKind kind, DrillSettings settings)
    {
        TcpConnectionOptions plain = new(), set = settings.Connection;
        KernelSettings kernel = KernelSettings.Of(kind);
        bool limited = settings.MaximumSocketBuffer != new DrillSettings { Profile = settings.Profile }.MaximumSocketBuffer;
        return kernel with
        {
            ReceiveBuffer = set.ReceiveBuffer,
            SendBuffer = set.SendBuffer,
            MaxReceiveBuffer = limited ? settings.MaximumSocketBuffer : kernel.MaxReceiveBuffer,
            MaxSendBuffer = limited ? settings.MaximumSocketBuffer : kernel.MaxSendBuffer,
            KeepAliveTime = set.KeepAliveTime != plain.KeepAliveTime ? set.KeepAliveTime : kernel.KeepAliveTime,
            KeepAliveInterval = set.KeepAliveInterval != plain.KeepAliveInterval ? set.KeepAliveInterval : kernel.KeepAliveInterval,
            KeepAliveProbes = set.KeepAliveProbes != plain.KeepAliveProbes ? set.KeepAliveProbes : kernel.KeepAliveProbes,
            KeepAliveInitial = settings.Profile.ConnectTimeout > Duration.Zero ? settings.Profile.ConnectTimeout : kernel.KeepAliveInitial,
            FinTimeout = settings.Profile.FinWait2,
            SynRetries = settings.Profile.SynRetries,
        };
    }

    /// <summary>The same script has the same chance each time (FNV-1a).</summary>
    private static StackSecret SecretOf(Script script)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (char c in script.Text) hash = (hash ^ c) * 1_099_511_628_211;
        return new StackSecret(hash, ~hash);
    }
}
