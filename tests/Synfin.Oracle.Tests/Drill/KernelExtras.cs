using Synfin.Drill.Commands;
using Synfin.Drill.Language;
using Synfin.Drill.Running;

namespace Synfin.Oracle.Tests.Drill;

/// <summary>Code runs as for the engine, with the kernel's TCP_INFO; knobs are those of the namespace.</summary>
/// <param name="stack">The kernel.</param>
internal sealed class KernelExtras(IStackUnderTest stack) : IScriptExtras
{
    private const string Prefix = "net.";

    private readonly ScriptCode _code = new(stack);

    public void RunCommand(CommandEvent command)
    {
        foreach (CommandAction action in CommandReader.Read(command.Command))
        {
            switch (action)
            {
                case CommandAction.SetKnob knob when knob.Name.StartsWith(Prefix, StringComparison.Ordinal):
                    KernelStage.Set(knob.Name[Prefix.Length..].Replace('.', '/'), knob.Value);
                    break;
                case CommandAction.NoOperation or CommandAction.SelectProfile { Name: "linux" }:
                    break;
                default:
                    throw new ScriptSkippedException(command.Line, $"`{command.Command}` is not for a kernel");
            }
        }
    }

    public void RunCode(CodeEvent code, int? socket) => _code.Run(code, socket);
}
