using Synfin.Ip;

namespace Synfin.Runtime;

/// <summary>One interface of a shard: where its frames come from, and what is below IP there.</summary>
/// <param name="Source">Where frames come from.</param>
/// <param name="Interface">Takes the frames, and sends.</param>
public sealed record ShardInterface(IPacketSource Source, IIpInterface Interface);
