using System.IO.Pipelines;

namespace Synfin.Runtime;

/// <summary>An <see cref="OwnerScheduler"/>'s queue as a <see cref="PipeScheduler"/>.</summary>
internal sealed class OwnerPipeScheduler(OwnerScheduler owner, bool contextFree) : PipeScheduler
{
    public override void Schedule(Action<object?> action, object? state) => owner.Post(action, state, contextFree);
}
