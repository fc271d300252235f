using Synfin.Drill.Commands;
using Synfin.Drill.Expressions;
using Synfin.Drill.Language;
using Synfin.Drill.Running;
using Synfin.Drill.Sockets;

namespace Synfin.Oracle.Tests.Drill;

/// <summary>Code runs as for the engine, with the kernel's TCP_INFO; knobs are those of the namespace.</summary>
internal sealed class KernelExtras : IScriptExtras, IVariables
{
    private readonly KernelUnderTest _stack;
    private readonly CodeRunner _code;
    private GetOptionCall? _information;

    /// <summary>Extras of a run.</summary>
    /// <param name="stack">The kernel.</param>
    public KernelExtras(KernelUnderTest stack)
    {
        _stack = stack;
        _code = new CodeRunner(this);
    }

    public void RunCommand(CommandEvent command)
    {
        foreach (CommandAction action in CommandReader.Read(command.Command))
        {
            if (action is CommandAction.SetKnob { Name: var name, Value: var value } && name.StartsWith("net.", StringComparison.Ordinal))
                KernelStage.Set(name[4..].Replace('.', '/'), value);
            else if (action is not CommandAction.NoOperation)
                throw new ScriptSkippedException(command.Line, $"`{command.Command}`");
        }
    }

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
