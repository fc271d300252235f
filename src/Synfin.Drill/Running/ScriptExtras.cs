using System;
using System.Globalization;
using Synfin.Drill.Commands;
using Synfin.Drill.Language;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Wire;

namespace Synfin.Drill.Running;

/// <summary>
/// Runs the code and the commands of one script against the engine. Knobs are set before it runs: <see cref="ScriptSetUp"/>.
/// </summary>
internal sealed class ScriptExtras : IScriptExtras
{
    private readonly EngineUnderTest _engine;
    private readonly ScriptCode _code;

    /// <summary>Extras of a run.</summary>
    /// <param name="engine">Asked for TCP_INFO before each piece of code.</param>
    public ScriptExtras(EngineUnderTest engine)
    {
        _engine = engine;
        _code = new ScriptCode(engine);
    }

    public void RunCommand(CommandEvent command)
    {
        foreach (CommandAction action in CommandReader.Read(command.Command))
        {
            if (action is CommandAction.ExpectSockets expected) Check(command, expected);
            else if (action is CommandAction.Drop drop) Drop(command, drop);
        }
    }

    public void RunCode(CodeEvent code, int? socket) => _code.Run(code, socket);

    /// <summary>How many connections are in a state, compact ones too, as sockstat and ss list them.</summary>
    private void Check(CommandEvent command, CommandAction.ExpectSockets expected)
    {
        long count = _engine.Stack.Counters.InState(StateOf(command, expected.State));
        if (expected.Count is { } wanted ? count == wanted : count > 0) return;
        string many = expected.Count?.ToString(CultureInfo.InvariantCulture) ?? "one or more";
        throw new ScriptFailedException(
            command.Line, $"{many} in {expected.State}", string.Create(CultureInfo.InvariantCulture, $"there are {count}"), _engine.Now);
    }

    private static TcpState StateOf(CommandEvent command, string name) =>
        name.ToUpperInvariant().Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal) switch
        {
            "CLOSED" or "CLOSE" => TcpState.Closed,
            "LISTEN" => TcpState.Listen,
            "SYNSENT" => TcpState.SynSent,
            "SYNRCVD" or "SYNRECV" or "SYNRECEIVED" => TcpState.SynReceived,
            "ESTABLISHED" or "ESTAB" => TcpState.Established,
            "FINWAIT1" => TcpState.FinWait1,
            "FINWAIT2" => TcpState.FinWait2,
            "CLOSEWAIT" => TcpState.CloseWait,
            "CLOSING" => TcpState.Closing,
            "LASTACK" => TcpState.LastAck,
            "TIMEWAIT" => TcpState.TimeWait,
            _ => throw new ScriptSkippedException(command.Line, $"there is no state {name}"),
        };

    /// <summary>FreeBSD's tcpdrop(8): all connections, or the one of two addresses and ports.</summary>
    private void Drop(CommandEvent command, CommandAction.Drop drop)
    {
        bool all = drop.Arguments is ["-a" or "-al" or "-la"];
        FourTuple wanted = default;
        if (!all && !TryReadTuple(drop, out wanted))
        {
            throw new ScriptSkippedException(
                command.Line, $"tcpdrop takes -a, or local and foreign address and port, not '{string.Join(' ', drop.Arguments)}'");
        }
        _engine.Run(stack =>
        {
            if (all) stack.AbortAll(_engine.Now);
            else Find(stack, wanted)?.Abort(_engine.Now);
        });
    }

    private static TcpConnection? Find(NetworkStack stack, FourTuple wanted)
    {
        TcpConnection? found = null;
        stack.ForEachConnection(connection => found = connection.Status().Tuple == wanted ? connection : found);
        return found;
    }

    private static bool TryReadTuple(CommandAction.Drop drop, out FourTuple tuple)
    {
        tuple = default;
        if (drop.Arguments is not [var local, var localPort, var remote, var remotePort]) return false;
        bool readable = InternetAddress.TryParse(local, out InternetAddress from) & InternetAddress.TryParse(remote, out InternetAddress to)
            & ushort.TryParse(localPort, out ushort fromPort) & ushort.TryParse(remotePort, out ushort toPort);
        tuple = new FourTuple(from, fromPort, to, toPort);
        return readable;
    }
}
