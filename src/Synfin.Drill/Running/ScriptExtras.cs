using Synfin.Drill.Expressions;
using Synfin.Drill.Language;
using Synfin.Drill.Sockets;

namespace Synfin.Drill.Running;

/// <summary>Runs the code and the commands of one script.</summary>
internal sealed class ScriptExtras : IScriptExtras, IVariables
{
    private readonly IStackUnderTest _stack;
    private readonly CodeRunner _code;
    private GetOptionCall? _information;

    /// <summary>Extras of a run.</summary>
    /// <param name="stack">Asked for TCP_INFO before each piece of code.</param>
    public ScriptExtras(IStackUnderTest stack)
    {
        _stack = stack;
        _code = new CodeRunner(this);
    }

    public void RunCommand(CommandEvent command) =>
        throw new ScriptSkippedException(command.Line, $"the command `{command.Command}` is not known here");

    public void RunCode(CodeEvent code, int? socket)
    {
        _information = null;
        if (socket is { } descriptor)
        {
            var call = new GetOptionCall(descriptor, "SOL_TCP", "TCP_INFO");
            if (_stack.Invoke(call) is { Value: 0 }) _information = call;
        }
        switch (_code.Run(code.Code, code.Line))
        {
            case CodeResult.Failed failed:
                throw new ScriptFailedException(failed.Line, failed.Expression, failed.Message, _stack.Now);
            case CodeResult.Unsupported unsupported:
                throw new ScriptSkippedException(unsupported.Line, unsupported.Reason);
        }
    }

    public bool TryGet(string name, out CodeValue value)
    {
        value = default;
        if (_information?.Information?.TryGetValue(name, out long number) is not true) return false;
        value = CodeValue.Of(number);
        return true;
    }
}
