using Synfin.Drill.Language;
using Synfin.Drill.Sockets;
using Synfin.Timers;

namespace Synfin.Drill.Running;

/// <summary>A call that blocks while the script goes on. It must return when the script says, give or take the tolerance.</summary>
/// <param name="line">The call as the script has it.</param>
/// <param name="call">The call as it was made.</param>
/// <param name="end">When it must return.</param>
/// <param name="tolerance">How much earlier or later it may.</param>
/// <param name="returned">Looks at its result.</param>
internal sealed class PendingCall(CallEvent line, SocketCall call, Timestamp end, Duration tolerance, PendingCall.Returned returned)
{
    /// <summary>Looks at the result of a call that has returned.</summary>
    internal delegate void Returned(CallEvent line, SocketCall call, SocketResult result);

    /// <summary>When it must have returned.</summary>
    public Timestamp Latest => end + tolerance;

    /// <summary>When to ask again though nothing has happened: its own time-out, and when it is late.</summary>
    public Timestamp NextLook(Timestamp now)
    {
        Timestamp next = Latest;
        if (call is PollCall { Timeout: { } timeout } && call.Since + timeout > now) next = Timestamp.Min(next, call.Since + timeout);
        return next > now ? next : Timestamp.Never;
    }

    /// <summary>Asks whether it has returned.</summary>
    /// <exception cref="ScriptFailedException">It returned too early, or with another result, or it is late.</exception>
    public void Look(RunState state) => Take(state, state.Invoke(call));

    /// <summary>Takes an answer of the call.</summary>
    /// <exception cref="ScriptFailedException">It returned too early, or with another result, or it is late.</exception>
    public void Take(RunState state, SocketResult result)
    {
        Timestamp now = state.Now;
        if (!result.IsPending)
        {
            state.Pending = null;
            if (now < end - tolerance)
            {
                throw state.Failure(
                    line.Line, $"{line.Name}() to block until {Seconds.Of(state.Clock.SinceStart(end))}",
                    $"it returned {result.Value}{(result.Errno is null ? "" : " " + result.Errno)} {Seconds.Of(end - now)} too early");
            }
            returned(line, call, result);
        }
        else if (now >= Latest)
        {
            throw state.Failure(
                line.Line, $"{line.Name}() to return at {Seconds.Of(state.Clock.SinceStart(end))}", "it still blocks");
        }
    }
}
