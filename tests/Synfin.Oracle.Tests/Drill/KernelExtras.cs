using Synfin.Drill.Language;
using Synfin.Drill.Running;

namespace Synfin.Oracle.Tests.Drill;

/// <summary>Code runs as for the engine, with the kernel's TCP_INFO; knobs are those of the namespace.</summary>
/// <param name="stack">The kernel.</param>
internal sealed class KernelExtras(IStackUnderTest stack) : IScriptExtras
{
    private readonly ScriptExtras _code = new(stack);

    public void RunCommand(CommandEvent command) => throw new ScriptSkippedException(command.Line, $"`{command.Command}`");

    public void RunCode(CodeEvent code, int? socket) => _code.RunCode(code, socket);
}
