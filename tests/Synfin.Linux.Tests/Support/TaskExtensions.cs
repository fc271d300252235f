using Xunit;

namespace Synfin.Linux.Tests.Support;

/// <summary>Waits that end: with a clear failure if what is awaited does not happen.</summary>
internal static class TaskExtensions
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    public static Task InTime(this Task task, TimeSpan? patience = null) =>
        task.WaitAsync(patience ?? _patience, TestContext.Current.CancellationToken);

    public static Task<T> InTime<T>(this Task<T> task, TimeSpan? patience = null) =>
        task.WaitAsync(patience ?? _patience, TestContext.Current.CancellationToken);
}
