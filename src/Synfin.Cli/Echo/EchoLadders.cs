using Synfin.Linux;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Cli.Echo;

/// <summary>What records ladders, and how one is printed.</summary>
/// <param name="Recorder">Watches the stack.</param>
/// <param name="Print">Writes the ladder of a connection that ended.</param>
/// <param name="Tap">Watches the packets, or null.</param>
public sealed record EchoLadders(ITcpObserver Recorder, Action<FourTuple, TextWriter> Print, PacketTap? Tap = null);
