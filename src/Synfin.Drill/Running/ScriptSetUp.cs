using System.Collections.Generic;
using Synfin.Drill.Commands;
using Synfin.Drill.Language;

namespace Synfin.Drill.Running;

/// <summary>
/// What a script's commands make of the settings before anything runs. The engine's knobs are set when it is made: what a command sets
/// before the first OPEN or packet is in force from the start; later ones must change nothing, or come when nothing follows.
/// </summary>
internal static class ScriptSetUp
{
    /// <summary>Reads the commands.</summary>
    /// <param name="script">The script.</param>
    /// <param name="start">What it begins with.</param>
    /// <param name="settings">What it runs with.</param>
    /// <returns>Why it cannot run, or null.</returns>
    public static ScriptOutcome.Skipped? Read(Script script, DrillSettings start, out DrillSettings settings)
    {
        settings = start;
        bool begun = false;
        int last = LastThatCounts(script.Events);
        for (int i = 0; i < script.Events.Count; i++)
        {
            if (script.Events[i] is not CommandEvent command)
            {
                begun |= script.Events[i] is PacketEvent or CallEvent { Name: "connect" or "listen" or "sendto" or "sendmsg" };
                continue;
            }
            foreach (CommandAction action in CommandReader.Read(command.Command))
            {
                DrillSettings next = Apply(action, settings, out string? problem);
                if (problem is null && begun && i < last && next != settings)
                {
                    problem = $"the command `{command.Command}` comes while the script runs, "
                        + "and what it sets is set before the first connect, listen or packet only";
                }
                if (problem is not null) return new ScriptOutcome.Skipped(command.Line, problem);
                if (!begun) settings = next;
            }
        }
        return null;
    }

    private static DrillSettings Apply(CommandAction action, DrillSettings settings, out string? problem)
    {
        problem = null;
        switch (action)
        {
            case CommandAction.SelectProfile profile:
                return settings.Select(profile.Name);
            case CommandAction.SetKnob knob:
                return settings.Apply(knob.Name, knob.Value, out problem);
            case CommandAction.Unknown unknown:
                problem = $"the command `{unknown.Text}` is not known here";
                return settings;
            default:
                return settings; // it is done when its time comes
        }
    }

    /// <summary>The last event after which a knob could change what is seen.</summary>
    private static int LastThatCounts(IReadOnlyList<ScriptEvent> events)
    {
        for (int i = events.Count - 1; i >= 0; i--)
        {
            if (events[i] is PacketEvent or CallEvent) return i;
        }
        return -1;
    }
}
