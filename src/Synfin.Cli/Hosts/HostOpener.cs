using Synfin.Linux;
using Synfin.Stack;

namespace Synfin.Cli.Hosts;

/// <summary>Opens a host.</summary>
/// <param name="settings">What it is like.</param>
/// <param name="observer">Sees what its stacks do; null for nobody. Called by several threads with several queues.</param>
/// <param name="tap">Sees its packets; null for nobody. Called by several threads with several queues.</param>
internal delegate IHost HostOpener(HostSettings settings, ITcpObserver? observer, PacketTap? tap);
