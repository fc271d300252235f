using Synfin.Drill.Language;

namespace Synfin.Drill.Running;

/// <summary>What scripts do beside packets and calls: code, and commands of a shell.</summary>
internal interface IScriptExtras
{
    /// <summary>Does what a command stands for; it is never executed.</summary>
    /// <exception cref="ScriptSkippedException">It is not known, or comes too late to be done.</exception>
    /// <exception cref="ScriptFailedException">It asserts something that does not hold.</exception>
    void RunCommand(CommandEvent command);

    /// <summary>Runs code, with TCP_INFO of a socket for its names.</summary>
    /// <exception cref="ScriptFailedException">An assertion does not hold.</exception>
    /// <exception cref="ScriptSkippedException">Something in it is not known.</exception>
    void RunCode(CodeEvent code, int? socket);
}
