namespace Synfin.AspNetCore.Tests.Support;

/// <summary>Something that a test waits for.</summary>
internal static class Signal
{
    public static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a token is cancelled.</summary>
    public static Task Fired(this CancellationToken token)
    {
        TaskCompletionSource fired = New();
        token.UnsafeRegister(static s => ((TaskCompletionSource)s!).TrySetResult(), fired);
        return fired.Task;
    }
}
