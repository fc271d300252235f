namespace Synfin.Simulation;

/// <summary>Keeps virtual time where it is until it is disposed of, once.</summary>
internal sealed class TimeHold(Action? release) : IDisposable
{
    private Action? _release = release;

    /// <summary>Holds nothing.</summary>
    public static TimeHold None { get; } = new(null);

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
