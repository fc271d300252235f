using Synfin.Drill.Expressions;
using Synfin.Drill.Language;
using Synfin.Drill.Sockets;

namespace Synfin.Drill.Running;

/// <summary>Runs the code of one script; its names are TCP_INFO's.</summary>
internal sealed class ScriptCode : IVariables
{
    private readonly IStackUnderTest _stack;
    private readonly CodeRunner _runner;
    private GetOptionCall? _information;

    /// <param name="stack">Asked for TCP_INFO before each piece of code.</param>
    public ScriptCode(IStackUnderTest stack)
    {
        _stack = stack;
        _runner = new CodeRunner(this);
    }

    /// <summary>Runs a piece of code, with TCP_INFO of a socket.</summary>
    /// <exception cref="ScriptFailedException">An assertion does not hold.</exception>
    /// <exception cref="ScriptSkippedException">Something in it is not known.</exception>
    public void Run(CodeEvent code, int? socket)
    {
        _information = null;
        if (socket is { } descriptor)
        {
            var call = new GetOptionCall(descriptor, "SOL_TCP", "TCP_INFO");
            if (_stack.Invoke(call) is { Value: 0 }) _information = call;
        }
        switch (_runner.Run(code.Code, code.Line))
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
