using System;
using System.Diagnostics;
using Synfin.Drill.Language;
using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>Plays one script to one stack, line by line, and says how it ended.</summary>
internal sealed class ScriptRunner
{
    /// <summary>What came, if it was not the stack's doing: in real time the player himself may be late.</summary>
    public const string Late = "the lines before it took until";

    private readonly Script _script;
    private readonly RunnerOptions _options;
    private readonly RunState _state;
    private readonly InboundLines _inbound;
    private readonly OutboundLines _outbound;
    private readonly CallLines _calls;
    private readonly IScriptExtras _extras;

    /// <summary>A runner of one script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="stack">The stack under test, its clock at the script's start.</param>
    /// <param name="addresses">The addresses of the run.</param>
    /// <param name="options">How strictly.</param>
    /// <param name="extras">Runs code and commands.</param>
    public ScriptRunner(Script script, IStackUnderTest stack, DrillAddresses addresses, RunnerOptions options, IScriptExtras extras)
    {
        _script = script;
        _options = options;
        _extras = extras;
        MatchOptions match = options.Match with
        {
            StrictSegments = options.Match.StrictSegments || script.Options.StrictSegments,
            Tolerance = script.Options.Tolerance ?? options.Match.Tolerance,
            TimestampTick = script.Options.TimestampTick ?? options.Match.TimestampTick,
        };
        var clock = new ScriptClock(stack.Now, match.Tolerance, script.Options.TolerancePercent ?? ScriptClock.DefaultPercent);
        _state = new RunState(stack, clock, new FlowTable(addresses));
        _inbound = new InboundLines(_state, addresses);
        _outbound = new OutboundLines(_state, match);
        _calls = new CallLines(_state, new CallReader(addresses, options.IsFreeBsd), addresses);
    }

    /// <summary>Plays the script.</summary>
    public ScriptOutcome Run()
    {
        int line = 1;
        try
        {
            foreach (ScriptEvent e in _script.Events)
            {
                line = e.Line;
                Play(e);
            }
            _calls.AwaitPending();
            CheckLeftovers(line);
            return new ScriptOutcome.Passed { Leniencies = _state.Leniencies };
        }
        catch (ScriptFailedException e)
        {
            return Failed(e.Line, e.Expected, e.Came, e.When);
        }
        catch (ScriptSkippedException e)
        {
            return new ScriptOutcome.Skipped(e.Line, e.Message) { Leniencies = _state.Leniencies };
        }
        catch (RunawayException e)
        {
            return Failed(line, "a stack that comes to rest", e.Message, e.Time);
        }
#pragma warning disable CA1031 // Whatever the stack under test throws is its failure, and the other scripts are run.
        catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            return Failed(line, "a stack that goes on", $"{e.GetType().Name}: {e.Message.Split('\n')[0]}", _state.Now);
        }
    }

    private ScriptOutcome.Failed Failed(int line, string expected, string came, Timestamp when) =>
        new(line, expected, came, _state.Clock.SinceStart(when)) { Leniencies = _state.Leniencies, Packets = _state.Seen };

    private void Play(ScriptEvent e)
    {
        if (e is CallEvent) _calls.AwaitPending();
        DueTime due = _state.Clock.Resolve(e, _state.Now);
        if (e is PacketEvent { IsInbound: false } outbound)
        {
            _outbound.Expect(outbound, in due);
            _state.Clock.Done(e, in due, _state.Now);
            return;
        }
        Reach(e, in due);
        switch (e)
        {
            case PacketEvent packet:
                _inbound.Send(packet);
                break;
            case CallEvent call:
                _calls.Make(call, in due);
                break;
            case CommandEvent command:
                _extras.RunCommand(command);
                _state.Drain();
                break;
            case CodeEvent code:
                _extras.RunCode(code, _calls.InformationSocket);
                break;
            default:
                throw new UnreachableException();
        }
        _state.Clock.Done(e, in due, _state.Now);
    }

    /// <summary>Lets time pass until a line is due.</summary>
    private void Reach(ScriptEvent e, in DueTime due)
    {
        _state.WaitUntil(due.From);
        if (due.Includes(_state.Now)) return;
        string text = $"to run at {Seconds.Of(_state.Clock.SinceStart(due.From))}";
        throw _state.Failure(e.Line, text, $"{Late} {Seconds.Of(_state.Clock.SinceStart(_state.Now))}");
    }

    /// <summary>What was sent and no line took.</summary>
    private void CheckLeftovers(int line)
    {
        _state.Drain();
        if (_state.Waiting.Count == 0) return;
        LivePacket first = _state.Waiting[0];
        string more = _state.Waiting.Count > 1 ? $" and {_state.Waiting.Count - 1} more" : "";
        if (_options.AllowLeftovers)
        {
            _state.Leniencies.Add($"left over at the end: {first}{more}");
            return;
        }
        foreach (LivePacket packet in _state.Waiting) _state.Note(packet.Time, isInbound: false, packet.ToString(), null);
        throw _state.Failure(line, "no more packets after the last line", $"{first}{more}", first.Time);
    }
}
