/** Which storey each layer of an image belongs to, where nobody wrote it on the layers: engines that build know nothing of storeys. */
import { baseAnnotations, type Image, type ImageLayer, marked, sealed, sorted } from './image.ts';
import { type Storey, storeyAnnotation } from './manifest.ts';
import { type Base, layersOnBase, recogniseBase } from './rebase.ts';

/**
 * The same image with storeys: the layers of the base it stands on as that base has them, what lies above as `own`; of several bases the one
 * with most layers counts, told by the layers alone. The base is named in the annotations and labels, with all that it stands on.
 */
export function withStoreys(image: Image, bases: readonly Base[], own: Storey): Image {
  const base = recogniseBase(image, bases);
  const below = base === undefined ? 0 : layersOnBase(image, base.image);
  const layers = image.layers.map((layer, at) => labelled(layer, at < below ? (base?.image.layers[at]?.storey ?? 'vendor') : own));
  const annotations = sorted({ ...image.manifest.annotations, ...baseAnnotations(base) });
  const { config = {} } = image.config;
  const labels = sorted({ ...config.Labels, ...annotations });
  return sealed({ ...image.config, config: { ...config, Labels: labels } }, layers, annotations);
}

function labelled(layer: ImageLayer, storey: Storey): ImageLayer {
  const { descriptor } = layer;
  return marked({ ...layer, descriptor: { ...descriptor, annotations: { ...descriptor.annotations, [storeyAnnotation]: storey } } });
}
