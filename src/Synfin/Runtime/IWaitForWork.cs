using Synfin.Timers;

namespace Synfin.Runtime;

/// <summary>How a shard's thread sleeps, and is woken.</summary>
public interface IWaitForWork
{
    /// <summary>
    /// Sleeps until a packet can be read, somebody called <see cref="Wake"/> since the last wait, or it is time; may return early.
    /// </summary>
    /// <param name="until">When to return at the latest; <see cref="Timestamp.Never"/> for no limit.</param>
    /// <param name="linkFull">Whether to return also when the link has room again.</param>
    void Wait(Timestamp until, bool linkFull);

    /// <summary>Ends the wait, or else the next one; called on any thread.</summary>
    void Wake();
}
